#ifndef PLIMSOLL_CSPAWN_H
#define PLIMSOLL_CSPAWN_H

#include <sys/types.h>

/// A pipe that no other program inherits: reading end, writing end. 0, or errno.
int plimsoll_pipe(int ends[2]);

/// Starts a program in a process group of its own, in a folder, with three descriptors as its streams and no others,
/// no signal held back or ignored. 0 and the process in `pid`, or errno.
int plimsoll_spawn(
    pid_t *pid, const char *path, const char *folder, char *const arguments[], char *const environment[],
    const int streams[3]);

#endif
