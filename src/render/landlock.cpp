#include "render/landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "render/kernel_feature.hpp"

namespace soundalike::farm {
namespace {

// The kernel's struct landlock_ruleset_attr with the fields that came later than the C library's headers.
struct Ruleset {
  std::uint64_t files;
  std::uint64_t network;  // since version 4
  std::uint64_t scoped;   // since version 6
};
constexpr std::uint64_t right_refer = 1u << 13;     // since version 2
constexpr std::uint64_t right_truncate = 1u << 14;  // since version 3
constexpr std::uint64_t right_ioctl = 1u << 15;     // on devices, since version 5
constexpr std::uint64_t all_tcp = 3;                // bind and connect
constexpr std::uint64_t all_scopes = 3;             // abstract sockets and signals

constexpr std::uint64_t writing = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                  LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                  LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                  LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                  LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

}  // namespace

int forbid_writing() {
  if (pretend_without("landlock")) return 0;
  const auto version =
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION));
  if (version < 1) return 0;
  Ruleset rules{writing, 0, 0};
  if (version >= 2) rules.files |= right_refer;
  if (version >= 3) rules.files |= right_truncate;
  if (version >= 4) rules.network = all_tcp;
  if (version >= 5) rules.files |= right_ioctl;
  if (version >= 6) rules.scoped = all_scopes;
  const std::size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  const auto set = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, size, 0));
  if (set < 0) return 0;
  for (const char* device : {"/dev/null", "/dev/zero", "/dev/full"}) {
    const int file = ::open(device, O_PATH | O_CLOEXEC);
    if (file < 0) continue;
    const landlock_path_beneath_attr rule{rules.files & (LANDLOCK_ACCESS_FS_WRITE_FILE | right_truncate | right_ioctl),
                                          file};
    ::syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    ::close(file);
  }
  const bool held = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::syscall(SYS_landlock_restrict_self, set, 0) == 0;
  ::close(set);
  return held ? version : 0;
}

}  // namespace soundalike::farm
