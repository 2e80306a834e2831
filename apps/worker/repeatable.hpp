#pragma once

namespace soundalike {

/// Puts the worker's rand(), drand48() and clocks back to where every render starts. The worker program defines these
/// functions of the C library itself, and plugins find its versions first: the same numbers and the same times for the
/// same job, whatever was rendered before.
void reset_repeatable();

}  // namespace soundalike
