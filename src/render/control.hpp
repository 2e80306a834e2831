#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

/// What lies at the start of the shared arena: the whole protocol between a renderer and its workers.
///
/// A batch is opened by storing a new ticket and one wake-up; workers then take job after job by advancing the ticket,
/// render each into a free output slot of their own, and mark the slot filled. The renderer's threads read filled slots
/// in place and free them. A worker without a free slot takes no job, so memory and the lead of workers stay bounded.
namespace soundalike::farm {

constexpr std::size_t max_workers = 256;
constexpr std::size_t max_slots = 3;  ///< per worker: one being written, one waiting, one being read

/// starting: the program has not yet come to its work; opening: it loads the effect.
enum class WorkerPhase : std::uint32_t { starting, opening, ready, refused };
enum class SlotState : std::uint32_t { free, filled, reading };

/// Which job of which batch is the next to be taken: generation in the upper half, index in the lower. One word, so
/// that taking a job fails when the batch it was seen in is over.
using Ticket = std::uint64_t;
constexpr std::uint32_t closed_index = 0xffffffffu;
constexpr std::uint32_t index_of(Ticket ticket) { return static_cast<std::uint32_t>(ticket); }
constexpr std::uint32_t generation_of(Ticket ticket) { return static_cast<std::uint32_t>(ticket >> 32); }
constexpr Ticket make_ticket(std::uint32_t generation, std::uint32_t index) { return Ticket{generation} << 32 | index; }
constexpr Ticket no_ticket = make_ticket(0, closed_index);

struct SharedJob {
  std::atomic<std::uint32_t> owner;  ///< worker + 1, once taken
  std::uint32_t pad;
  std::uint64_t clip;  ///< offset of channel 0; channels follow each other
  std::uint64_t frames;
  std::uint64_t limit_ns;  ///< deadline, from the start of the render
  float clip_peak;
};

/// One finished render; its audio lies at Batch::outputs + (worker * slots + slot) * stride, channel after channel.
struct Slot {
  std::atomic<SlotState> state;
  std::uint32_t job;
  std::uint32_t status;  ///< RenderStatus
  float peak;
  double plugin_seconds;
  double wall_seconds;
  std::array<char, 256> message;
};

struct alignas(128) WorkerBlock {
  std::atomic<WorkerPhase> phase;
  std::uint32_t error_code;               ///< with phase refused
  std::atomic<Ticket> intent;             ///< what it is about to take: tells which job a death in between would lose
  std::atomic<std::uint32_t> current;     ///< job + 1 being rendered, stream_job, or 0
  std::atomic<std::uint64_t> started_ns;  ///< of the current job, or of the current block of a stream
  std::atomic<std::uint32_t> freed;       ///< futex: slots of this worker given back so far
  std::atomic<std::uint32_t> starved;     ///< 1 while it sleeps on `freed`
  std::atomic<std::uint32_t> completed;   ///< 1 once a child has done what it was made for
  std::atomic<Ticket> again;              ///< the job its predecessor died over, to be tried once more before any other
  std::atomic<std::uint32_t> renders;     ///< this process has finished
  std::atomic<std::uint32_t> retired;     ///< 1 when it ends of its own accord, between two renders
  std::array<Slot, max_slots> slots;
  std::array<char, 1024> message;  ///< with phase refused
  std::array<char, 128> sandbox;   ///< with phase ready: what holds its plugins
};
constexpr std::uint32_t stream_job = 0xffffffffu;

/// Written while no ticket is open. Atomic only because a late worker may look while it is being written; it then
/// fails to take the ticket and forgets what it saw.
struct Batch {
  std::atomic<std::uint32_t> count;
  std::atomic<std::uint32_t> slots;     ///< per worker, 1..max_slots
  std::atomic<std::uint64_t> jobs;      ///< offset of SharedJob[count]
  std::atomic<std::uint64_t> settings;  ///< offset of float[count x parameters]
  std::atomic<std::uint64_t> outputs;
  std::atomic<std::uint64_t> stride;
};

enum class StreamState : std::uint32_t { idle, running, finished, failed };

/// One long recording through one worker: two rings of frames, [channels x capacity] each. Positions count frames since
/// the start and only grow.
struct Stream {
  std::atomic<std::uint32_t> request;   ///< worker + 1 that shall run it; the worker clears it when it has left
  std::atomic<std::uint32_t> activity;  ///< futex, advanced by either side when it has moved a position
  std::atomic<std::uint32_t> abort;
  std::atomic<StreamState> state;
  std::uint32_t status;  ///< RenderStatus, with state failed
  float peak;
  std::uint64_t settings;
  std::uint64_t input;
  std::uint64_t output;
  std::uint64_t capacity;            ///< a multiple of the block size
  std::atomic<std::uint32_t> ended;  ///< no input after `pushed`
  alignas(64) std::atomic<std::uint64_t> pushed;
  std::atomic<std::uint64_t> taken;
  alignas(64) std::atomic<std::uint64_t> processed;
  std::atomic<std::uint64_t> produced;
  std::array<char, 256> message;
};

struct Control {
  std::uint32_t workers;
  std::uint32_t channels;
  std::uint32_t block_size;
  std::uint32_t parameters;
  float peak_limit;
  std::uint32_t sandbox;               ///< 1: plugins are kept from network, files and other processes
  std::atomic<std::uint32_t> isolate;  ///< 1: each job and each stream in a child of the worker
  std::uint64_t memory_bytes;          ///< private memory that a worker may take; 0: any
  std::uint64_t chain;                 ///< offset of what encode() wrote
  std::uint64_t chain_bytes;

  alignas(64) std::atomic<std::uint32_t> generation;  ///< futex: something new to do
  std::atomic<std::uint32_t> shutdown;
  alignas(64) std::atomic<Ticket> ticket;
  Batch batch;
  alignas(64) std::atomic<std::uint32_t> done;    ///< futex: something new to read
  std::atomic<std::uint32_t> readers;             ///< threads asleep on `done`
  alignas(64) std::atomic<std::uint32_t> opened;  ///< futex: a worker left phase opening
  Stream stream;
  std::array<WorkerBlock, max_workers> worker;
};

}  // namespace soundalike::farm
