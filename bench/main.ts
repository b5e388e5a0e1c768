// npm run bench -- kernels
import { runBench } from './command.js';

// Puppeteer takes these for itself, ends its browser and leaves the process running.
process.once('SIGTERM', () => process.exit(143));
process.once('SIGHUP', () => process.exit(129));

// Who has seen enough (`| head -1`) is not measured for; who cannot keep what is told has to know it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') console.error(`stdout: ${error.message}`);
  process.exit(error.code === 'EPIPE' ? 130 : 1);
});

process.exitCode = await runBench(process.argv.slice(2), {
  line: (text) => console.log(text),
  error: (text) => console.error(text),
});
