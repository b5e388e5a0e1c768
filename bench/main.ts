// npm run bench -- kernels
import { runBench } from './command.js';

process.exitCode = await runBench(process.argv.slice(2), {
  line: (text) => console.log(text),
  error: (text) => console.error(text),
});
