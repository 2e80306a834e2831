/* Never answers when it is asked what it holds. */
#include <unistd.h>
__attribute__((visibility("default"))) const void* ladspa_descriptor(unsigned long index) {
  (void)index;
  for (;;) pause();
}
