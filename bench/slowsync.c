/*
 * Delays every sync of a process by SLOWSYNC_US microseconds, as an SD card does, and appends a byte to the file
 * SLOWSYNC_COUNT for each, so that its size is their number. Loaded by LD_PRELOAD.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void count_one(void) {
  const char *path = getenv("SLOWSYNC_COUNT");
  if (path == NULL) return;
  int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return;
  ssize_t written = write(file, "s", 1);
  (void)written;
  close(file);
}

static void wait_as_told(void) {
  count_one();
  const char *text = getenv("SLOWSYNC_US");
  if (text != NULL) usleep((useconds_t)strtoul(text, NULL, 10));
}

#define DELAYED(name)                                                \
  int name(int file) {                                               \
    static int (*real)(int);                                         \
    if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, #name);  \
    int result = real(file);                                         \
    wait_as_told();                                                  \
    return result;                                                   \
  }

DELAYED(fsync)
DELAYED(fdatasync)
DELAYED(syncfs)
