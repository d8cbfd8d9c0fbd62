/** The entry of the command line. It imports nothing at first, so that Node 22 and later keep what they compile of the rest. */
import nodeModule from 'node:module';

// a third of a cached run is compiling our own bundle; Node 20 has no such cache
(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const { runCommandLine } = await import('./program.ts');

// a reader that has seen enough (`| head`) closes the pipe; that is no error of ours
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });

process.exitCode = await runCommandLine(process.argv.slice(2));
