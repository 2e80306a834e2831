/* Crashes when it is asked what it holds. */
#include <signal.h>
__attribute__((visibility("default"))) const void* ladspa_descriptor(unsigned long index) {
  (void)index;
  raise(SIGSEGV);
  return 0;
}
