#include "effect/clap_plugin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <string_view>
#include <tuple>
#include <utility>

#include "effect/plugin_call.hpp"
#include "soundalike/error.hpp"
#include "soundalike/version.hpp"

namespace soundalike::clap {
namespace {

constexpr std::uint32_t most_ports = 64;
constexpr std::uint32_t most_channels = 64;

/// Channels of the ports of one direction, and the place of the main one.
std::pair<std::vector<std::size_t>, std::size_t> read_ports(const Plugin& plugin, bool is_input) {
  std::pair<std::vector<std::size_t>, std::size_t> result;
  const auto* extension = plugin.extension<clap_plugin_audio_ports>(CLAP_EXT_AUDIO_PORTS);
  if (!extension) return result;
  const std::uint32_t count = std::min(extension->count(&plugin.get(), is_input), most_ports);
  for (std::uint32_t i = 0; i < count; ++i) {
    clap_audio_port_info info{};
    if (!extension->get(&plugin.get(), i, is_input, &info)) continue;
    if ((info.flags & CLAP_AUDIO_PORT_IS_MAIN) != 0) result.second = result.first.size();
    result.first.push_back(std::min(info.channel_count, most_channels));
  }
  return result;
}

std::size_t width(const std::vector<std::size_t>& ports, std::size_t main) {
  return ports.empty() ? 0 : std::min<std::size_t>(ports[main], 2);
}

// What plugins may tell or ask; some call these without looking whether they are there. Nobody listens: what they tell
// is read anew after each activation, and this thread is all threads.
constexpr clap_host_latency latency{.changed = [](const clap_host*) {}};
constexpr clap_host_params params{
    .rescan = [](const clap_host*, clap_param_rescan_flags) {},
    .clear = [](const clap_host*, clap_id, clap_param_clear_flags) {},
    .request_flush = [](const clap_host*) {},
};
constexpr clap_host_audio_ports audio_ports{
    .is_rescan_flag_supported = [](const clap_host*, std::uint32_t) { return false; },
    .rescan = [](const clap_host*, std::uint32_t) {},
};
constexpr clap_host_thread_check thread_check{
    .is_main_thread = [](const clap_host*) { return true; },
    .is_audio_thread = [](const clap_host*) { return true; },
};

const void* host_extension(const clap_host*, const char* id) {
  const std::string_view wanted = id;
  if (wanted == CLAP_EXT_LATENCY) return &latency;
  if (wanted == CLAP_EXT_PARAMS) return &params;
  if (wanted == CLAP_EXT_AUDIO_PORTS) return &audio_ports;
  if (wanted == CLAP_EXT_THREAD_CHECK) return &thread_check;
  return nullptr;
}

}  // namespace

std::size_t Ports::width_in() const { return width(inputs, main_input); }
std::size_t Ports::width_out() const { return width(outputs, main_output); }

Plugin::Plugin(const Library& library, const ClassInfo& info) : name_(info.name) {
  host_ = {
      .clap_version = CLAP_VERSION,
      .host_data = &requests_,
      .name = "soundalike",
      .vendor = "soundalike",
      .url = "",
      .version = program_version(),
      .get_extension = &host_extension,
      .request_restart = [](const clap_host* host) { static_cast<Requests*>(host->host_data)->restart = true; },
      .request_process = [](const clap_host*) {},
      .request_callback = [](const clap_host* host) { static_cast<Requests*>(host->host_data)->callback = true; },
  };
  call_plugin(name_, [&] {
    const std::lock_guard lock(plugin_life_mutex());
    plugin_ = library.factory().create_plugin(&library.factory(), &host_, info.id.c_str());
    if (plugin_ && !plugin_->init(plugin_)) {
      plugin_->destroy(plugin_);
      plugin_ = nullptr;
    }
  });
  if (!plugin_) {
    throw Error(ErrorCode::plugin_failed, fmt::format("cannot start '{}': the plugin made no instance", name_));
  }
}

Plugin::~Plugin() {
  const FlushToZero flush;
  try {
    const std::lock_guard lock(plugin_life_mutex());
    plugin_->destroy(plugin_);
  } catch (...) {  // NOLINT: the output is complete; a throwing destructor of a plugin changes nothing about it
  }
}

Ports Plugin::ports() const {
  Ports ports;
  std::tie(ports.inputs, ports.main_input) = read_ports(*this, true);
  std::tie(ports.outputs, ports.main_output) = read_ports(*this, false);
  return ports;
}

void Plugin::answer_requests() {
  if (std::exchange(requests_.callback, false)) plugin_->on_main_thread(plugin_);
}

bool Plugin::take_restart() { return std::exchange(requests_.restart, false); }

}  // namespace soundalike::clap
