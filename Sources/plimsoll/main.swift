import Glibc

exit(Door.run(Array(CommandLine.arguments.dropFirst())))
