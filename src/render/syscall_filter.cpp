#include "render/syscall_filter.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "render/kernel_feature.hpp"

namespace soundalike::farm {
namespace {

// Numbers that the C library's headers may not know yet; the same on every architecture.
constexpr int call_io_uring_setup = 425;
constexpr int call_open_tree = 428;
constexpr int call_move_mount = 429;
constexpr int call_fsopen = 430;
constexpr int call_pidfd_open = 434;
constexpr int call_clone3 = 435;
constexpr int call_openat2 = 437;
constexpr int call_pidfd_getfd = 438;
constexpr int call_process_madvise = 440;
constexpr int call_mount_setattr = 442;
constexpr int call_fchmodat2 = 452;
constexpr int call_setxattrat = 463;
constexpr int call_removexattrat = 466;

// No answer but "permission denied": programs reckon with it.
constexpr long denied[] = {
    // network; a pair of connected sockets within the process stays possible
    SYS_socket, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
    // other programs
    SYS_execve, SYS_execveat, SYS_fork, SYS_vfork, SYS_setsid, SYS_setpgid, SYS_tkill, SYS_ptrace, SYS_process_vm_readv,
    SYS_process_vm_writev, SYS_pidfd_send_signal, call_pidfd_open, call_pidfd_getfd, call_process_madvise,
    // the file system; opening files for writing is Landlock's, or the last rule's
    SYS_creat, SYS_truncate, SYS_mkdir, SYS_mkdirat, SYS_rmdir, SYS_unlink, SYS_unlinkat, SYS_rename, SYS_renameat,
    SYS_renameat2, SYS_link, SYS_linkat, SYS_symlink, SYS_symlinkat, SYS_mknod, SYS_mknodat, SYS_chmod, SYS_fchmod,
    SYS_fchmodat, call_fchmodat2, SYS_chown, SYS_fchown, SYS_lchown, SYS_fchownat, SYS_utime, SYS_utimes, SYS_futimesat,
    SYS_utimensat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
    call_setxattrat, call_removexattrat, SYS_open_by_handle_at, SYS_chroot, SYS_pivot_root, SYS_mount, SYS_umount2,
    SYS_unshare, SYS_setns, call_open_tree, call_move_mount, call_fsopen, call_mount_setattr,
    // what outlives a process
    SYS_shmget, SYS_semget, SYS_msgget, SYS_mq_open, SYS_mq_unlink, SYS_add_key, SYS_request_key, SYS_keyctl,
    // doors into the kernel
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd};

class Program {
 public:
  void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)); }
  void load_argument(std::size_t index) { load(offsetof(seccomp_data, args) + 8 * index); }  // its lower half
  void answer(int error) { add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error)); }
  void allow() { add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW); }
  /// Skips the next `count` instructions unless the condition on the loaded word holds.
  void unless(std::uint16_t condition, std::uint32_t value, std::uint8_t count) {
    code_.push_back({static_cast<std::uint16_t>(BPF_JMP | condition | BPF_K), 0, count, value});
  }
  /// Skips the next `count` instructions if the condition holds.
  void when(std::uint16_t condition, std::uint32_t value, std::uint8_t count) {
    code_.push_back({static_cast<std::uint16_t>(BPF_JMP | condition | BPF_K), count, 0, value});
  }
  void deny(long call, int error) {
    unless(BPF_JEQ, static_cast<std::uint32_t>(call), 1);
    answer(error);
  }
  bool install() {
    sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    // Without the flag older kernels slow a filtered process down against speculative attacks.
    return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0 ||
           ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
  }

 private:
  void add(int operation, std::uint32_t value) {
    code_.push_back({static_cast<std::uint16_t>(operation), 0, 0, value});
  }
  std::vector<sock_filter> code_;
};

}  // namespace

bool filter_syscalls(const SyscallRules& rules) {
  if (pretend_without("seccomp")) return false;
  constexpr std::uint32_t first_x32_call = 0x40000000;
  Program program;
  program.load(offsetof(seccomp_data, arch));
  program.when(BPF_JEQ, AUDIT_ARCH_X86_64, 1);
  program.answer(ENOSYS);
  program.load(offsetof(seccomp_data, nr));
  program.unless(BPF_JGE, first_x32_call, 1);
  program.answer(ENOSYS);
  for (const long call : denied) program.deny(call, EACCES);
  // Their arguments lie in memory, where a filter cannot look; the C library goes back to the older calls.
  program.deny(call_clone3, ENOSYS);
  program.deny(call_openat2, ENOSYS);
  program.deny(call_io_uring_setup, ENOSYS);  // opens files and sockets in its own way
  for (const long call : {SYS_kill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo}) {
    if (rules.process == 0) break;
    program.unless(BPF_JEQ, static_cast<std::uint32_t>(call), 5);
    program.load_argument(0);
    program.when(BPF_JEQ, static_cast<std::uint32_t>(rules.process), 2);
    program.when(BPF_JEQ, 0, 1);  // the caller's process group
    program.answer(EPERM);
    program.allow();
  }
  if (!rules.may_fork) {
    program.unless(BPF_JEQ, SYS_clone, 4);
    program.load_argument(0);
    program.when(BPF_JSET, CLONE_THREAD, 1);
    program.answer(EACCES);
    program.allow();
  }
  // Dying with the parent may be asked for, but not taken back.
  program.unless(BPF_JEQ, SYS_prctl, 6);
  program.load_argument(0);
  program.unless(BPF_JEQ, PR_SET_PDEATHSIG, 3);
  program.load_argument(1);
  program.when(BPF_JEQ, SIGKILL, 1);
  program.answer(EPERM);
  program.allow();
  if (!rules.may_write) {
    constexpr std::uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
    for (const auto& [call, argument] : {std::pair{SYS_open, 1}, std::pair{SYS_openat, 2}}) {
      program.unless(BPF_JEQ, static_cast<std::uint32_t>(call), 4);
      program.load_argument(static_cast<std::size_t>(argument));
      program.unless(BPF_JSET, writing, 1);
      program.answer(EACCES);
      program.allow();
    }
  }
  program.allow();
  return program.install();
}

}  // namespace soundalike::farm
