#pragma once

namespace soundalike {

/// Seconds of processor time, user and kernel, that the calling thread has taken. Unlike the clock on the wall it
/// stands still while the thread sleeps, waits for a core or is held up by a slow disk, so that what several threads
/// took adds up to no more than there was.
double thread_cpu_seconds();

/// The same of all threads of this process together, ended ones too.
double process_cpu_seconds();

}  // namespace soundalike
