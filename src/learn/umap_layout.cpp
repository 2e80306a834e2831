#include "learn/umap_layout.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <limits>
#include <numeric>
#include <thread>

#include "learn/force_step.hpp"

namespace soundalike::learn {
namespace {

constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t least_per_thread = 2500;  // vertices; fewer are faster done alone

/// Classes of vertices of which no two are joined by an edge: first fit, in order.
std::vector<std::vector<std::uint32_t>> colour(const Graph& graph, std::vector<std::size_t>& class_of) {
  std::vector<std::vector<std::uint32_t>> classes;
  class_of.assign(graph.vertices(), 0);
  std::vector<std::size_t> taken_by;  // per class, the last vertex that has a neighbour in it, plus one
  for (std::size_t i = 0; i < graph.vertices(); ++i) {
    for (std::size_t e = graph.begin[i]; e < graph.begin[i + 1]; ++e) {
      if (graph.to[e] < i) taken_by[class_of[graph.to[e]]] = i + 1;
    }
    const auto free = static_cast<std::size_t>(
        std::ranges::find_if(taken_by, [&](std::size_t taken) { return taken != i + 1; }) - taken_by.begin());
    if (free == classes.size()) {
      classes.emplace_back();
      taken_by.push_back(0);
    }
    class_of[i] = free;
    classes[free].push_back(static_cast<std::uint32_t>(i));
  }
  return classes;
}

/// Edges of a vertex that lead into one class: [begin, end) of the graph's edges.
struct Inlet {
  std::uint32_t vertex;
  std::size_t begin, end;
};

class Layout {
 public:
  Layout(std::vector<float>& places, const Graph& graph, const Curve& curve, const LayoutOptions& options)
      : places_(places),
        graph_(graph),
        force_(curve),
        options_(options),
        next_(graph.vertices()),
        pull_(graph.to.size()) {
    std::vector<std::size_t> class_of;
    classes_ = colour(graph_, class_of);
    inlets_.resize(classes_.size());
    sort_edges(class_of);
    const float largest = graph.weight.empty() ? 1.0f : std::ranges::max(graph.weight);
    for (std::size_t i = 0; i < vertices(); ++i)
      most_edges_ = std::max(most_edges_, graph_.begin[i + 1] - graph_.begin[i]);
    for (const float weight : graph_.weight) share_.push_back(share_of(weight, largest));
  }

  std::size_t vertices() const { return graph_.vertices(); }
  std::size_t classes() const { return classes_.size(); }

  /// Moves a thread's part of a class; what that does to their neighbours is noted.
  void move(std::size_t epoch, std::size_t number, std::size_t part, std::size_t parts) {
    const auto& members = classes_[number];
    const float rate = 1.0f - static_cast<float>(epoch) / static_cast<float>(options_.epochs);
    const auto count = static_cast<std::uint32_t>(vertices());
    const std::size_t end = members.size() * (part + 1) / parts;
    std::size_t following = members.size() * part / parts;
    std::array<Mover, lanes> movers;
    std::vector<Pull> lists(lanes * most_edges_);
    Spots places;
    Meeting friends;
    std::vector<Meeting> strangers(options_.negative_samples);
    while (true) {
      std::size_t busy = 0;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        Mover& mover = movers[lane];
        while (mover.pull == mover.end) {
          if (mover.vertex != nobody) next_[mover.vertex] = places.at(lane);
          mover.vertex = nobody;
          if (following == end) break;
          mover = set_out(members[following++], epoch, lists.data() + lane * most_edges_);
          places.put(lane, now(mover.vertex));
        }
        friends.rate[lane] = 0.0f;
        for (Meeting& stranger : strangers) stranger.rate[lane] = 0.0f;
        if (mover.vertex == nobody) continue;
        ++busy;
        friends.rate[lane] = rate;
        friends.other.put(lane, now(mover.pull->to));
        for (Meeting& stranger : strangers) {
          const std::uint32_t who = mover.rng.below(count);
          stranger.rate[lane] = who == mover.vertex ? 0.0f : rate;
          stranger.other.put(lane, now(who));
        }
      }
      if (busy == 0) return;
      const Spots before = places;
      attract(places, force_, friends);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (movers[lane].vertex == nobody) continue;
        const Place from = before.at(lane), to = places.at(lane);
        pull_[movers[lane].pull++->back] = {from.x - to.x, from.y - to.y};  // the other end comes as far
      }
      for (const Meeting& stranger : strangers) repel(places, force_, stranger);
    }
  }

  /// Then all of it holds.
  void settle(std::size_t epoch, std::size_t number, std::size_t part, std::size_t parts) {
    const auto& members = classes_[number];
    for (std::size_t m = members.size() * part / parts; m < members.size() * (part + 1) / parts; ++m) {
      places_[2 * members[m]] = next_[members[m]].x;
      places_[2 * members[m] + 1] = next_[members[m]].y;
    }
    const auto& inlets = inlets_[number];
    for (std::size_t n = inlets.size() * part / parts; n < inlets.size() * (part + 1) / parts; ++n) {
      Place place = now(inlets[n].vertex);
      for (std::size_t e = inlets[n].begin; e < inlets[n].end; ++e) {
        const bool pulled = pulls(share_[e], static_cast<std::uint32_t>(epoch));
        place.x += pulled ? pull_[e].x : 0.0f;
        place.y += pulled ? pull_[e].y : 0.0f;
      }
      places_[2 * inlets[n].vertex] = place.x;
      places_[2 * inlets[n].vertex + 1] = place.y;
    }
  }

 private:
  /// An edge that pulls: to whom, and which edge leads back.
  struct Pull {
    std::uint32_t to, back;
  };
  /// A vertex on its way along those of its edges that pull.
  struct Mover {
    std::uint32_t vertex = nobody;
    const Pull* pull = nullptr;
    const Pull* end = nullptr;
    MomentRng rng{0, 0, 0};
  };
  /// @param list for all its edges.
  Mover set_out(std::uint32_t vertex, std::size_t epoch, Pull* list) const {
    Pull* end = list;
    for (std::size_t e = graph_.begin[vertex]; e < graph_.begin[vertex + 1]; ++e) {
      *end = {graph_.to[e], back_[e]};
      end += pulls(share_[e], static_cast<std::uint32_t>(epoch)) ? 1 : 0;  // no branch: nobody can foresee it
    }
    return {vertex, list, end, {options_.seed, vertex, epoch}};
  }

  Place now(std::size_t i) const { return {places_[2 * i], places_[2 * i + 1]}; }

  /// Sorts the edges of each vertex by the class they lead to, and finds each one's way back.
  void sort_edges(const std::vector<std::size_t>& class_of) {
    std::vector<std::pair<std::uint32_t, float>> row;
    for (std::size_t i = 0; i < vertices(); ++i) {
      const std::size_t begin = graph_.begin[i], end = graph_.begin[i + 1];
      row.clear();
      for (std::size_t e = begin; e < end; ++e) row.emplace_back(graph_.to[e], graph_.weight[e]);
      std::ranges::stable_sort(row, {}, [&](const auto& edge) { return class_of[edge.first]; });
      for (std::size_t e = begin; e < end; ++e) {
        graph_.to[e] = row[e - begin].first;
        graph_.weight[e] = row[e - begin].second;
        const std::size_t number = class_of[graph_.to[e]];
        if (e == begin || number != class_of[graph_.to[e - 1]]) {
          inlets_[number].push_back({static_cast<std::uint32_t>(i), e, e});
        }
        ++inlets_[number].back().end;
      }
    }
    // The k-th edge into a vertex, by where it comes from, leads back along its k-th edge by where that goes to.
    std::vector<std::vector<std::size_t>> out(vertices());
    for (std::size_t i = 0; i < vertices(); ++i) {
      out[i].resize(graph_.begin[i + 1] - graph_.begin[i]);
      std::iota(out[i].begin(), out[i].end(), graph_.begin[i]);
      std::ranges::sort(out[i], {}, [&](std::size_t e) { return graph_.to[e]; });
    }
    std::vector<std::size_t> seen(vertices());
    back_.resize(graph_.to.size());
    for (std::size_t i = 0; i < vertices(); ++i) {
      for (const std::size_t e : out[i]) back_[e] = static_cast<std::uint32_t>(out[graph_.to[e]][seen[graph_.to[e]]++]);
    }
  }

  std::vector<float>& places_;
  Graph graph_;
  Force force_;
  LayoutOptions options_;
  std::vector<std::vector<std::uint32_t>> classes_;
  std::vector<std::vector<Inlet>> inlets_;  // per class, of the vertices next to its members
  std::vector<std::uint32_t> back_;         // of each edge the one in the other direction
  std::size_t most_edges_ = 0;              // of a vertex
  std::vector<std::uint32_t> share_;
  std::vector<Place> next_;
  std::vector<Place> pull_;  // by the edge of whom it moves
};

}  // namespace

bool lay_out(std::vector<float>& places, const Graph& graph, const Curve& curve, const LayoutOptions& options,
             const Progress& progress, const std::stop_token& stop) {
  Layout layout(places, graph, curve, options);
  const std::size_t threads =
      std::clamp<std::size_t>(layout.vertices() / least_per_thread, 1, std::max<std::size_t>(1, options.threads));
  std::barrier meeting(static_cast<std::ptrdiff_t>(threads));
  std::atomic<bool> stopped = false;
  const auto work = [&](std::size_t thread) {
    for (std::size_t epoch = 0; epoch < options.epochs; ++epoch) {
      if (thread == 0) {
        stopped = stop.stop_requested();
        if (progress && epoch % 10 == 0) progress({"laying out", epoch, options.epochs, {}});
      }
      for (std::size_t number = 0; number < layout.classes(); ++number) {
        layout.move(epoch, number, thread, threads);
        meeting.arrive_and_wait();
        layout.settle(epoch, number, thread, threads);
        meeting.arrive_and_wait();
      }
      if (stopped) return;
      meeting.arrive_and_wait();  // before the first thread looks again
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t thread = 1; thread < threads; ++thread) helpers.emplace_back(work, thread);
    work(0);
  }
  return !stopped;
}

}  // namespace soundalike::learn
