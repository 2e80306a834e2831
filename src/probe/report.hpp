#pragma once

#include <string>

#include "soundalike/probe.hpp"

namespace soundalike {

/// The measurements as a JSON object for the profile; rounded so that two runs of one machine write the same file,
/// the speed to 1, 2 or 5 times a power of ten.
std::string probe_measurements(const Probe& probe, const ProbeOptions& options);

}  // namespace soundalike
