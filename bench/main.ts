// npm run bench -- kernels
import { runBench } from './command.js';

// Puppeteer takes these for itself, ends its browser and leaves the process running.
process.once('SIGTERM', () => process.exit(143));
process.once('SIGHUP', () => process.exit(129));

process.exitCode = await runBench(process.argv.slice(2), {
  line: (text) => console.log(text),
  error: (text) => console.error(text),
});
