#include <csignal>
#include <string>
#include <vector>

#include "program.hpp"

int main(int argc, char** argv) {
  // A reader that goes away is seen as EPIPE by the write, so that files are finished and removed as usual.
  std::signal(SIGPIPE, SIG_IGN);
  // The same for a file that passes the user's limit (ulimit -f): EFBIG.
  std::signal(SIGXFSZ, SIG_IGN);
  return soundalike::cli::run_program(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
