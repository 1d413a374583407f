import Rehearsal

WorkerProgram.main(Array(CommandLine.arguments.dropFirst()))
