#include "parallel/virtual_time.hpp"

#include "base/assert.hpp"
#include "base/hash_seed.hpp"
#include "parallel/scheduler.hpp"
#include "parallel/write_history.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <queue>
#include <tuple>

namespace hocket {
namespace {

std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  return fold_multiply(a ^ 0x9e3779b97f4a7c15u, b ^ 0xbf58476d1ce4e5b9u);
}

std::size_t location_count(std::span<const TransactionProfile> transactions) {
  std::size_t count = 0;
  for (const TransactionProfile& transaction : transactions) {
    for (const auto& read : transaction.reads) count = std::max<std::size_t>(count, read.location + 1);
    for (const auto& write : transaction.writes) count = std::max<std::size_t>(count, write.location + 1);
  }
  return count;
}

class Simulation {
 public:
  Simulation(std::span<const TransactionProfile> transactions, const VirtualTimeOptions& options, WriteHistory& history)
      : transactions_(transactions),
        options_(options),
        history_(history),
        locations_(location_count(transactions)),
        states_(transactions.size()),
        workers_(options.workers) {
    BlockForecast forecast;
    for (const TransactionProfile& transaction : transactions) {
      forecast.cost.push_back(transaction.cost);
      forecast.commitment.push_back(options.validation_cost);
      forecast.predecessor.push_back(transaction.predecessor);
    }
    make_policy(options.policy)->plan(forecast, options.workers, kReach, order_);
    scheduler_.reset(BeginOrder(static_cast<TxnIndex>(transactions.size()), {}, order_, kReach, {}),
                     {.goes_alone = false});
  }

  VirtualTime run() {
    for (unsigned worker = 0; worker < options_.workers; ++worker) schedule(worker, 0);
    while (!events_.empty()) {
      const auto [time, order, worker] = events_.top();
      events_.pop();
      now_ = time;
      go_on(worker);
      wake_sleepers();
    }
    HOCKET_ASSERT(scheduler_.finished());
    return result_;
  }

 private:
  struct Version {
    std::uint64_t value = 0;
    bool adds = false;
    bool estimate = false;
    bool predicted = false;  // no value yet
  };
  struct State {
    std::vector<std::uint64_t> seen;  // at each read, by the last execution that ended, or is suspended
    std::uint64_t elapsed = 0;        // of the suspended one
    bool suspended = false;
    bool announced = false;
    std::vector<std::uint32_t> predicted;  // locations
  };
  struct Worker {
    Task task;
    bool asleep = false;
    std::uint64_t begun = 0;
    std::vector<std::uint64_t> seen;  // by the execution under way
  };
  static constexpr TxnIndex kReach = 512;
  using Event = std::tuple<std::uint64_t, std::uint64_t, unsigned>;  // time, order of entry, worker

  void schedule(unsigned worker, std::uint64_t time) { events_.emplace(time, next_event_++, worker); }

  void wake_sleepers() {
    for (unsigned i = 0; i < options_.workers; ++i) {
      Worker& worker = workers_[i];
      if (!worker.asleep || scheduler_.would_sleep(worker.task)) continue;
      worker.asleep = false;
      worker.task = {};
      schedule(i, now_);
    }
  }

  /// The worker's present step is at its end.
  void go_on(unsigned index) {
    Worker& worker = workers_[index];
    switch (worker.task.kind) {
      case TaskKind::execute:
        return go_on_executing(index);
      case TaskKind::validate: {
        const bool valid = is_valid(worker.task.txn) && !awaits_any(worker.task.txn);
        if (!valid) mark_estimates(worker.task.txn);
        scheduler_.finish_validation(worker.task.txn, valid);
        break;
      }
      case TaskKind::commit: {
        const bool valid = is_valid(worker.task.txn);
        if (!valid) mark_estimates(worker.task.txn);
        scheduler_.finish_commit(worker.task.txn, valid);
        if (!valid) {
          worker.task.kind = TaskKind::execute;
          return begin_executing(index);
        }
        result_.makespan = now_;
        break;
      }
      case TaskKind::in_turn:  // its order has none
      case TaskKind::sleep:
      case TaskKind::done:
        break;
    }
    begin(index);
  }

  void begin(unsigned index) {
    Worker& worker = workers_[index];
    worker.task = scheduler_.next();
    switch (worker.task.kind) {
      case TaskKind::execute:
        return begin_executing(index);
      case TaskKind::validate:
      case TaskKind::commit:
        return schedule(index, now_ + options_.validation_cost);
      case TaskKind::sleep:
        worker.asleep = true;
        return;
      case TaskKind::in_turn:
      case TaskKind::done:
        return;
    }
  }

  void begin_executing(unsigned index) {
    Worker& worker = workers_[index];
    ++result_.executions;
    State& state = states_[worker.task.txn];
    if (!state.announced) {
      state.announced = true;
      if (options_.predict_writes && announce(worker.task.txn)) return begin(index);
    }
    worker.begun = now_;
    worker.seen.clear();
    if (state.suspended) {
      state.suspended = false;
      if (reads_are_valid(worker.task.txn, state.seen)) {
        --result_.executions;
        worker.begun -= state.elapsed;
        worker.seen = std::move(state.seen);
      } else {
        give_up(state.elapsed);
      }
    }
    schedule_next_step(index);
  }

  TransactionKind kind_of(TxnIndex txn) const {
    return {.target = to_address(u256{transactions_[txn].kind}), .selector = 0};
  }
  static SlotKey key_of(std::uint32_t location) { return {.account = {}, .slot = u256{location}}; }

  /// True: it waits for a transaction of its own sender, and has not begun.
  bool announce(TxnIndex txn) {
    const TransactionProfile& transaction = transactions_[txn];
    if (scheduler_.committed() == txn) return false;
    if (transaction.kind != 0) {
      history_.predict(kind_of(txn), predicted_);
      for (const SlotKey& slot : predicted_) {
        const auto location = static_cast<std::uint32_t>(slot.slot.low64());
        locations_[location].try_emplace(txn, Version{.predicted = true});
        states_[txn].predicted.push_back(location);
      }
      predicted_.clear();
    }
    if (transaction.predecessor == 0 || scheduler_.is_executed(transaction.predecessor - 1)) return false;
    --result_.executions;
    scheduler_.park(txn, transaction.predecessor - 1);
    return true;
  }

  void give_up(std::uint64_t elapsed) {
    ++result_.early_aborts;
    result_.executed_cost += elapsed;
  }

  void schedule_next_step(unsigned index) {
    const Worker& worker = workers_[index];
    const TransactionProfile& transaction = transactions_[worker.task.txn];
    const std::size_t read = worker.seen.size();
    const std::uint64_t at =
        read < transaction.reads.size() ? std::min(transaction.reads[read].at, transaction.cost) : transaction.cost;
    schedule(index, worker.begun + at);
  }

  void go_on_executing(unsigned index) {
    Worker& worker = workers_[index];
    const TxnIndex txn = worker.task.txn;
    const TransactionProfile& transaction = transactions_[txn];
    if (worker.seen.size() < transaction.reads.size()) {
      const std::uint32_t location = transaction.reads[worker.seen.size()].location;
      if (options_.early_abort && !reads_are_valid(txn, worker.seen)) {
        give_up(now_ - worker.begun);
        ++result_.executions;
        worker.begun = now_;
        worker.seen.clear();
        return schedule_next_step(index);
      }
      if (const auto blocker = awaited_below(location, txn); blocker && options_.wait_for_estimates) {
        ++result_.waits;
        State& state = states_[txn];
        state.suspended = true;
        state.elapsed = now_ - worker.begun;
        state.seen = std::move(worker.seen);
        scheduler_.park(txn, *blocker);
        return begin(index);
      }
      worker.seen.push_back(value_below(location, txn));
      return schedule_next_step(index);
    }
    result_.executed_cost += transaction.cost;
    states_[txn].seen = worker.seen;
    const bool changed = publish(txn);
    if (options_.early_abort && (!is_valid(txn) || awaits_any(txn))) {
      ++result_.early_aborts;
      mark_estimates(txn);
      return begin_executing(index);
    }
    scheduler_.finish_execution(txn, changed);
    begin(index);
  }

  std::optional<TxnIndex> awaited_below(std::uint32_t location, TxnIndex reader) const {
    const auto& versions = locations_[location];
    for (auto it = versions.lower_bound(reader); it != versions.begin();) {
      --it;
      if (it->second.estimate || it->second.predicted) return it->first;
      if (!it->second.adds) break;
    }
    return std::nullopt;
  }

  std::uint64_t value_below(std::uint32_t location, TxnIndex reader) const {
    const auto& versions = locations_[location];
    std::uint64_t sum = 0;
    for (auto it = versions.lower_bound(reader); it != versions.begin();) {
      --it;
      if (it->second.predicted) continue;
      sum += it->second.value;
      if (!it->second.adds) break;
    }
    return sum;
  }

  bool is_valid(TxnIndex txn) const { return reads_are_valid(txn, states_[txn].seen); }

  /// What it has read will probably be written again.
  bool awaits_any(TxnIndex txn) const {
    return options_.wait_for_estimates && std::ranges::any_of(transactions_[txn].reads, [&](const auto& read) {
             return awaited_below(read.location, txn).has_value();
           });
  }

  bool reads_are_valid(TxnIndex txn, const std::vector<std::uint64_t>& seen) const {
    const TransactionProfile& transaction = transactions_[txn];
    for (std::size_t i = 0; i < seen.size(); ++i)
      if (value_below(transaction.reads[i].location, txn) != seen[i]) return false;
    return true;
  }

  /// The writer of the first read that is stale will probably write there again, and so will its kind.
  void learn(TxnIndex txn) {
    const TransactionProfile& transaction = transactions_[txn];
    for (std::size_t i = 0; i < transaction.reads.size(); ++i) {
      const std::uint32_t location = transaction.reads[i].location;
      if (value_below(location, txn) == states_[txn].seen[i]) continue;
      auto it = locations_[location].lower_bound(txn);
      while (it != locations_[location].begin() && std::prev(it)->second.predicted) --it;
      if (it == locations_[location].begin()) return;
      const TxnIndex writer = std::prev(it)->first;
      if (transactions_[writer].kind != 0) history_.note(kind_of(writer), key_of(location));
      return;
    }
  }

  bool publish(TxnIndex txn) {
    std::uint64_t value = mix(txn, 1);
    for (const std::uint64_t seen : states_[txn].seen) value = mix(value, seen);
    bool changed = false;
    for (const auto& write : transactions_[txn].writes) {
      const Version version{
          .value = mix(value, write.location), .adds = write.adds, .estimate = false, .predicted = false};
      const auto [it, inserted] = locations_[write.location].try_emplace(txn, version);
      changed |= inserted || it->second.predicted || it->second.value != version.value;
      it->second = version;
    }
    for (const std::uint32_t location : states_[txn].predicted) {
      const auto it = locations_[location].find(txn);
      const bool written = it != locations_[location].end() && !it->second.predicted;
      history_.judge(kind_of(txn), key_of(location), written);
      if (!written && it != locations_[location].end()) locations_[location].erase(it);
    }
    states_[txn].predicted.clear();
    return changed;
  }

  void mark_estimates(TxnIndex txn) {
    if (options_.predict_writes) learn(txn);
    for (const auto& write : transactions_[txn].writes) {
      const auto it = locations_[write.location].find(txn);
      if (it != locations_[write.location].end()) it->second.estimate = true;
    }
  }

  std::span<const TransactionProfile> transactions_;
  VirtualTimeOptions options_;
  WriteHistory& history_;
  std::vector<TxnIndex> order_;
  Scheduler<> scheduler_;
  std::vector<std::map<TxnIndex, Version>> locations_;
  std::vector<State> states_;
  std::vector<Worker> workers_;
  std::vector<SlotKey> predicted_;  // for the moment
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::uint64_t next_event_ = 0;
  std::uint64_t now_ = 0;
  VirtualTime result_;
};

}  // namespace

CriticalPath critical_path(std::span<const TransactionProfile> transactions) {
  /// When a location has its value: the end of its last plain writer, or of the latest that has added since.
  struct Ready {
    std::uint64_t after_writers = 0;
    std::uint64_t waiting = 0;
  };
  std::vector<Ready> ready(location_count(transactions));
  CriticalPath path;
  for (const TransactionProfile& transaction : transactions) {
    std::uint64_t begin = 0;
    std::uint64_t lag = 0;  // how far behind its profile the waiting one is
    for (const auto& read : transaction.reads) {
      const Ready& location = ready[read.location];
      begin = std::max(begin, location.after_writers);
      const std::uint64_t at = std::min(read.at, transaction.cost) + lag;
      if (location.waiting > at) lag += location.waiting - at;
    }
    const Ready end{.after_writers = begin + transaction.cost, .waiting = lag + transaction.cost};
    for (const auto& write : transaction.writes) {
      Ready& location = ready[write.location];
      if (write.adds) {
        location.after_writers = std::max(location.after_writers, end.after_writers);
        location.waiting = std::max(location.waiting, end.waiting);
      } else {
        location = end;
      }
    }
    path.after_writers = std::max(path.after_writers, end.after_writers);
    path.waiting_at_reads = std::max(path.waiting_at_reads, end.waiting);
  }
  return path;
}

VirtualTime simulate_execution(std::span<const TransactionProfile> transactions, const VirtualTimeOptions& options) {
  HOCKET_ASSERT(options.workers >= 1);
  if (transactions.empty()) return {};
  WriteHistory history;
  if (options.knows_writes) Simulation(transactions, options, history).run();
  return Simulation(transactions, options, history).run();
}

}  // namespace hocket
