/* Delays every sync of a process by SLOWSYNC_US microseconds, as an SD card does. Loaded by LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_as_told(void) {
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
