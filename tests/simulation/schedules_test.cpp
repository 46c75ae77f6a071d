// Very many schedules of small blocks. HOCKET_SCHEDULES changes how many; HOCKET_SEED runs one again; what fails is
// printed, made smaller, and printed again.
#include "simulation/simulated_block.hpp"

#include <gtest/gtest.h>

namespace hocket::simulation {
namespace {

constexpr std::uint64_t kSchedulesPerScenario = 8;

/// Everything that a seed decides besides the scenario.
struct Setting {
  ScheduleOptions schedule;
  Mischief mischief;
};

Setting make_setting(std::uint64_t seed, std::size_t transactions) {
  testing::Random random(seed ^ 0x5e77);
  Setting setting;
  setting.schedule.seed = seed;
  setting.schedule.workers = static_cast<unsigned>(random.one_in(4) ? random.between(5, 16) : random.between(1, 4));
  setting.schedule.mean_run = std::array<std::uint64_t, 5>{1, 2, 5, 20, 100}[random.below(5)];
  setting.schedule.one_stall_in = std::array<std::uint64_t, 4>{0, 4, 30, 200}[random.below(4)];
  setting.mischief.wait_for_estimates = !random.one_in(3);
  if (random.one_in(2)) setting.mischief.one_abort_in = random.between(1, 8);
  if (random.one_in(3)) setting.mischief.false_estimates = random.between(1, 5);
  if (random.one_in(12)) setting.mischief.fails_at = static_cast<TxnIndex>(random.below(transactions));
  return setting;
}

std::string to_string(const Setting& setting) {
  return std::to_string(setting.schedule.workers) + " workers, mean run " + std::to_string(setting.schedule.mean_run) +
         ", one stall in " + std::to_string(setting.schedule.one_stall_in) + ", one abort in " +
         std::to_string(setting.mischief.one_abort_in) + ", " + std::to_string(setting.mischief.false_estimates) +
         " false estimates" + (setting.mischief.wait_for_estimates ? "" : ", estimates taken") +
         (setting.mischief.fails_at ? ", fails at " + std::to_string(*setting.mischief.fails_at) : "");
}

/// A schedule of `scenario` that fails, tried with some seeds: leaving something out changes all that follows.
std::optional<std::pair<Setting, std::string>> find_failure(const Scenario& scenario, Setting setting) {
  if (scenario.transactions.empty()) return std::nullopt;
  SimulatedBlock block;  // a failure may leave it with locks that nobody releases
  const SerialResult expected = run_serially(scenario);
  for (int i = 0; i < 2000; ++i) {
    if (auto failure = block.run(scenario, expected, setting.schedule, setting.mischief))
      return std::pair{setting, std::move(*failure)};
    ++setting.schedule.seed;
  }
  return std::nullopt;
}

/// Leaves out workers, mischief, transactions and steps as long as some schedule still fails.
std::string shrink(Scenario scenario, Setting setting) {
  std::string failure = "did not fail again";
  const auto still_fails = [&](const Scenario& smaller, const Setting& changed) {
    auto found = find_failure(smaller, changed);
    if (!found) return false;
    scenario = smaller;
    setting = found->first;
    failure = found->second;
    return true;
  };
  const auto without = [&](auto change) {
    Setting changed = setting;
    change(changed);
    still_fails(scenario, changed);
  };
  without([](Setting& s) { s.mischief.false_estimates = 0; });
  without([](Setting& s) { s.mischief.one_abort_in = 0; });
  without([](Setting& s) { s.schedule.one_stall_in = 0; });
  for (std::size_t i = scenario.transactions.size(); i-- > 0;) {
    Scenario smaller = scenario;
    smaller.transactions.erase(smaller.transactions.begin() + static_cast<std::ptrdiff_t>(i));
    still_fails(smaller, setting);
  }
  for (std::size_t i = scenario.transactions.size(); i-- > 0;) {
    for (std::size_t j = scenario.transactions[i].size(); j-- > 0;) {
      Scenario smaller = scenario;
      Program& program = smaller.transactions[i];
      program.erase(program.begin() + static_cast<std::ptrdiff_t>(j));
      still_fails(smaller, setting);
    }
  }
  while (setting.schedule.workers > 2) {
    Setting changed = setting;
    --changed.schedule.workers;
    if (!still_fails(scenario, changed)) break;
  }
  return failure + "\n" + to_string(setting) + "\n" + to_string(scenario);
}

TEST(Schedules, EveryCommitHasTheSerialResult) {
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
  GTEST_SKIP() << "one thread with many stacks: nothing for the thread sanitizer";
#endif
#endif
  const bool full = std::getenv("HOCKET_FULL") != nullptr;
  const bool one = std::getenv("HOCKET_SEED") != nullptr;
  const std::uint64_t first = testing::from_environment("HOCKET_SEED", 1);
  const std::uint64_t count = one ? 1 : testing::from_environment("HOCKET_SCHEDULES", full ? 1'000'000 : 20'000);
  auto block = std::make_unique<SimulatedBlock>();
  SimulatedCounts sum;
  int failures = 0;
  std::optional<std::uint64_t> made;
  Scenario scenario;
  SerialResult expected;
  for (std::uint64_t seed = first; seed < first + count && failures < 3; ++seed) {
    if (const std::uint64_t wanted = seed / kSchedulesPerScenario; made != wanted) {
      scenario = make_scenario(wanted);
      expected = run_serially(scenario);
      made = wanted;
    }
    const Setting setting = make_setting(seed, scenario.transactions.size());
    const auto failure = block->run(scenario, expected, setting.schedule, setting.mischief);
    sum.steps += block->counts().steps;
    sum.executions += block->counts().executions;
    sum.waits += block->counts().waits;
    sum.invalid += block->counts().invalid;
    if (!failure) continue;
    ++failures;
    block = std::make_unique<SimulatedBlock>();
    ADD_FAILURE() << "seed " << seed << ": " << *failure << "\n"
                  << to_string(setting) << "\n"
                  << to_string(scenario) << "replay: HOCKET_SEED=" << seed
                  << "\nsmaller: " << shrink(scenario, setting);
  }
  RecordProperty("steps", std::to_string(sum.steps));
  std::cout << "  " << count << " schedules: " << sum.steps << " shared accesses, " << sum.executions << " executions, "
            << sum.waits << " waits, " << sum.invalid << " stale\n";
  if (count > 1000) {
    // A simulation in which nothing goes wrong shows nothing.
    EXPECT_GT(sum.waits, count / 100);
    EXPECT_GT(sum.invalid, count / 100);
  }
}

}  // namespace
}  // namespace hocket::simulation
