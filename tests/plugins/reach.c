/* Plugins that reach for what is not theirs: memory, threads, files, the network, other processes. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin.h"

static int armed(Plugin* p) { return control(p, 4) > 0.0f; }

static void pass_through(Plugin* p, uint32_t frames) {
  for (int c = 0; c < 2; ++c) memcpy(audio(p, 2 + c), audio(p, c), frames * sizeof(float));
}

/* Takes memory until there is none, and does not look whether it got any. */
static void take_all_memory(void) {
  const size_t piece = (size_t)16 << 20;
  for (;;) memset(malloc(piece), 1, piece);
}

void run_hog(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (armed(p)) take_all_memory();
}

/* Loses 32 MiB and a file with every instance. */
void run_leak(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (!armed(p) || p->runs++ > 0) return;
  memset(malloc((size_t)32 << 20), 1, (size_t)32 << 20);
  (void)!open("/dev/null", O_RDONLY);
}

static void* sleep_for_ever(void* unused) {
  for (;;) pause();
  return unused;
}

/* Starts a thread that nobody ends. The number of threads of its process that came before is heard. */
void run_threads(LV2_Handle handle, uint32_t frames) {
  static int before = 0;
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (!armed(p)) return;
  if (p->runs++ == 0) {
    pthread_t thread;
    p->level = (float)before++;
    if (pthread_create(&thread, NULL, sleep_for_ever, NULL) == 0) pthread_detach(thread);
  }
  for (uint32_t i = 0; i < frames; ++i) audio(p, 2)[i] += p->level;
}

/* Writes behind the end of its memory: whoever asks the allocator next, here or in a later instance, pays for it. */
void run_heap(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (!armed(p) || p->runs++ > 0) return;
  const size_t size = 100000;
  volatile unsigned char* bytes = (volatile unsigned char*)malloc(size);
  for (size_t i = size; i < size + 24; ++i) bytes[i] = 0x5a; /* how much there is left to hand out */
}

static int put_file(const char* path) {
  const int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (file >= 0) {
    close(file);
    unlink(path);
  }
  return file;
}

static int start_child(void) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  if (child > 0) waitpid(child, NULL, 0);
  return child;
}

static int make_segment(void) {
  const int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  if (segment >= 0) shmctl(segment, IPC_RMID, NULL);
  return segment;
}

static void* end_at_once(void* unused) { return unused; }

static int start_thread(void) {
  pthread_t thread;
  const int error = pthread_create(&thread, NULL, end_at_once, NULL);
  if (error == 0) pthread_join(thread, NULL);
  errno = error;
  return error ? -1 : 0;
}

static int read_something(void) {
  const int file = open("/proc/self/status", O_RDONLY);
  if (file >= 0) close(file);
  return file;
}

static int write_nowhere(void) {
  const int file = open("/dev/null", O_WRONLY);
  if (file >= 0) close(file);
  return file;
}

/* Sample i of the left output: 1 when attempt i went well, else minus the error's number over 1000. */
void run_reach(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  pass_through(p, frames);
  if (!armed(p) || p->runs++ > 0 || frames < 16) return;
  int i = 0;
#define ATTEMPT(call) audio(p, 2)[i++] = (call) >= 0 ? 1.0f : -(float)errno / 1000.0f
  ATTEMPT(socket(AF_INET, SOCK_STREAM, 0));
  ATTEMPT(socket(AF_UNIX, SOCK_STREAM, 0));
  ATTEMPT(put_file("/tmp/soundalike-test-plugin-was-here"));
  ATTEMPT(put_file("/dev/shm/soundalike-test-plugin-was-here"));
  ATTEMPT(mkdir("/tmp/soundalike-test-plugin-was-here", 0700) == 0 ? rmdir("/tmp/soundalike-test-plugin-was-here")
                                                                   : -1);
  ATTEMPT(chmod("/tmp", 01777));
  ATTEMPT(start_child());
  ATTEMPT(kill(getppid(), 0));
  ATTEMPT(make_segment());
  ATTEMPT(prctl(PR_SET_PDEATHSIG, 0));
  ATTEMPT(read_something());
  ATTEMPT(write_nowhere());
  ATTEMPT(start_thread());
  ATTEMPT(kill(getpid(), 0));
#undef ATTEMPT
}

/* Which fault is next, 1 to 5, or 0 for none. $SOUNDALIKE_TEST_FAULTS is either a number n: one in n settings of the
 * knobs has a fault, decided by the settings alone, so that a run with faults can be compared with one without; or the
 * path of a named pipe: every instance takes its next byte, so that whoever fills it says how many faults there are. */
static int next_fault(Plugin* p) {
  const char* text = getenv("SOUNDALIKE_TEST_FAULTS");
  if (!text) return 0;
  if (text[0] == '/') {
    unsigned char fault = 0;
    const int pipe = open(text, O_RDONLY | O_NONBLOCK);
    const ssize_t got = read(pipe, &fault, 1);
    close(pipe);
    return got == 1 ? fault : 0;
  }
  const uint32_t one_in = (uint32_t)strtoul(text, NULL, 10);
  if (one_in == 0) return 0;
  uint32_t bits[2];
  memcpy(&bits[0], p->port[4], sizeof bits[0]);
  memcpy(&bits[1], p->port[5], sizeof bits[1]);
  uint64_t hash = ((uint64_t)bits[0] << 32 | bits[1]) * 0x9e3779b97f4a7c15u;
  hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9u;
  hash ^= hash >> 32;
  return hash % one_in == 0 ? 1 + (int)(hash / one_in % 5) : 0;
}

void run_faulty(LV2_Handle handle, uint32_t frames) {
  Plugin* p = (Plugin*)handle;
  const float gain = 1.0f + control(p, 4);
  const float tone = control(p, 5);
  for (uint32_t i = 0; i < frames; ++i) {
    for (int c = 0; c < 2; ++c) {
      p->smoothed[c] += (1.0f - 0.9f * tone) * (gain * audio(p, c)[i] - p->smoothed[c]);
      audio(p, 2 + c)[i] = p->smoothed[c];
    }
  }
  if (frames == 0 || p->runs++ > 0) return;
  volatile int* nowhere = NULL;
  switch (next_fault(p)) {
    case 0:
      break;
    case 1:
      *nowhere = 1;
      break;
    case 2:
      for (volatile int for_ever = 1; for_ever;) {
      }
      break;
    case 3:
      audio(p, 2)[0] = NAN;
      break;
    case 4:
      exit(3);
    default:
      take_all_memory();
  }
}
