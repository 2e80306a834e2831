#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace soundalike::cli {

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

std::size_t terminal_width(int descriptor) {
  if (!is_terminal(descriptor)) return 0;
  struct winsize size = {};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace soundalike::cli
