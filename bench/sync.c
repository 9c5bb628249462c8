/* Preloaded into a program, it makes each sync of a file a millisecond longer, as a slower disk would. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

static int slow(const char *name, int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, name);
  usleep(1000);
  return real(fd);
}

int fsync(int fd) { return slow("fsync", fd); }

int fdatasync(int fd) { return slow("fdatasync", fd); }
