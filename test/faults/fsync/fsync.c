/*
 * Preloaded into a program that writes to a log, it tells in which order things reach the disk. Each write to the
 * log's WAL that has happened is a line `write`, with the marks that were in it; each sync of it that has completed
 * is a line `sync`. The program adds its own lines to the same descriptor, EVERFOLD_TRACE. EVERFOLD_DELAY makes
 * every sync so many microseconds slower.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define MARK "everfold-mark:"
#define WAL "/log.db-wal"

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

static int is_wal(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path);
  ssize_t end = strlen(WAL);
  return length >= end && memcmp(path + length - end, WAL, end) == 0;
}

/* One write to a file that is open for appending: lines of two threads do not mix. */
static void tell(const char *line, size_t length) {
  if (write((int)number("EVERFOLD_TRACE"), line, length) != (ssize_t)length) abort();
}

static void tell_write(const char *bytes, size_t count) {
  /* A mark is longer than its number, so the numbers of a page fit where the page did. */
  char *line = malloc(count + 16);
  size_t length = sprintf(line, "write");
  const char *end = bytes + count, *at = bytes;
  while ((at = memmem(at, end - at, MARK, strlen(MARK)))) {
    line[length++] = ' ';
    for (at += strlen(MARK); at < end && isdigit(*at); at++) line[length++] = *at;
  }
  line[length++] = '\n';
  tell(line, length);
  free(line);
}

static ssize_t traced_write(const char *name, int fd, const void *bytes, size_t count, off_t offset) {
  ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, name);
  ssize_t written = real(fd, bytes, count, offset);
  if (written > 0 && is_wal(fd)) tell_write(bytes, written);
  return written;
}

static int traced_sync(const char *name, int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, name);
  if (!is_wal(fd)) return real(fd);
  usleep(number("EVERFOLD_DELAY"));
  int failed = real(fd);
  if (!failed) tell("sync\n", 5);
  return failed;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  return traced_write("pwrite", fd, bytes, count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  return traced_write("pwrite64", fd, bytes, count, offset);
}

int fsync(int fd) { return traced_sync("fsync", fd); }

int fdatasync(int fd) { return traced_sync("fdatasync", fd); }
