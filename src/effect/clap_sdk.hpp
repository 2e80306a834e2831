#pragma once

// CLAP's interfaces, declarations only; Debian has them among the DISTRHO framework's sources.
#include <clap/entry.h>
#include <clap/ext/audio-ports.h>
#include <clap/ext/latency.h>
#include <clap/ext/params.h>
#include <clap/ext/thread-check.h>
#include <clap/fixedpoint.h>
#include <clap/plugin-factory.h>
#include <clap/plugin-features.h>
#include <clap/plugin.h>
