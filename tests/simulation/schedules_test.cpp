// Very many schedules of small blocks. HOCKET_SCHEDULES changes how many; HOCKET_SEED runs one again; what fails is
// printed, made smaller, and printed again.
#include "simulation/simulated_block.hpp"
#include "support/environment.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
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
  Random random(seed ^ 0x5e77);
  Setting setting;
  setting.schedule.seed = seed;
  setting.schedule.workers = static_cast<unsigned>(random.one_in(4) ? random.between(5, 16) : random.between(1, 4));
  setting.schedule.mean_run = std::array<std::uint64_t, 5>{1, 2, 5, 20, 100}[random.below(5)];
  setting.schedule.one_stall_in = std::array<std::uint64_t, 4>{0, 4, 30, 200}[random.below(4)];
  setting.mischief.wait_for_estimates = !random.one_in(3);
  setting.mischief.max_suspended = static_cast<unsigned>(std::array{0, 1, 64}[random.below(3)]);
  setting.mischief.early_abort = random.flip();
  setting.mischief.defer_fees = random.flip();
  if (random.one_in(3)) setting.mischief.foreseen_nonce = random.between(1, 3);
  setting.mischief.in_turn = random.flip();
  if (random.one_in(3)) setting.mischief.reach = static_cast<TxnIndex>(random.between(2, 12));
  setting.mischief.window = std::array<TxnIndex, 4>{1, 3, 40, 512}[random.below(4)];
  setting.mischief.begins_alone = random.one_in(4);
  setting.mischief.leaves_chains = random.flip();
  if (random.one_in(8)) setting.mischief.leaves_after = static_cast<TxnIndex>(random.between(1, transactions));
  setting.schedule.max_steps += 5000 * transactions;
  if (random.one_in(2)) setting.mischief.one_abort_in = random.between(1, 8);
  if (random.one_in(3)) setting.mischief.false_estimates = random.between(1, 5);
  setting.mischief.follows_hot = !random.one_in(3);
  setting.mischief.follows_all = random.flip();
  if (random.one_in(12)) {
    setting.mischief.fails_at = static_cast<TxnIndex>(random.below(transactions));
    setting.mischief.leaves_chains = false;  // the failure's turn would perhaps not come
    setting.mischief.leaves_after = 0;
  }
  return setting;
}

std::string to_string(const Setting& setting) {
  return std::to_string(setting.schedule.workers) + " workers, mean run " + std::to_string(setting.schedule.mean_run) +
         ", one stall in " + std::to_string(setting.schedule.one_stall_in) + ", one abort in " +
         std::to_string(setting.mischief.one_abort_in) + ", " + std::to_string(setting.mischief.false_estimates) +
         " false estimates" + (setting.mischief.wait_for_estimates ? "" : ", estimates taken") + ", " +
         std::to_string(setting.mischief.max_suspended) + " suspended at most" +
         (setting.mischief.early_abort ? ", early abort" : "") +
         (setting.mischief.defer_fees ? ", fees deferred" : "") +
         (!setting.mischief.follows_hot  ? ""
          : setting.mischief.follows_all ? ", all slots followed"
                                         : ", hot slots followed") +
         (setting.mischief.foreseen_nonce ? ", nonce foreseen as " + std::to_string(*setting.mischief.foreseen_nonce)
                                          : "") +
         (setting.mischief.in_turn ? ", some in their turn" : "") + ", begun within " +
         std::to_string(setting.mischief.reach) + ", window of " + std::to_string(setting.mischief.window) +
         (setting.mischief.begins_alone ? ", one worker first" : "") +
         (setting.mischief.leaves_chains ? ", chains are left" : "") +
         (setting.mischief.leaves_after != 0 ? ", the rest after " + std::to_string(setting.mischief.leaves_after)
                                             : "") +
         (setting.mischief.fails_at ? ", fails at " + std::to_string(*setting.mischief.fails_at) : "");
}

/// A schedule of `scenario` that fails, tried with some seeds: leaving something out changes all that follows.
std::optional<std::pair<Setting, std::string>> find_failure(const Scenario& scenario, Setting setting) {
  if (scenario.transactions.empty()) return std::nullopt;
  SimulatedBlock block;  // a failure may leave it with locks that nobody releases
  const SerialResult expected = run_serially(scenario);
  // Of a long block a few: it takes longer, and what fails there fails often.
  const std::size_t tries = std::clamp<std::size_t>(20'000 / scenario.transactions.size(), 20, 2000);
  for (std::size_t i = 0; i < tries; ++i) {
    if (auto failure = block.run(scenario, expected, setting.schedule, setting.mischief))
      return std::pair{setting, std::move(*failure)};
    ++setting.schedule.seed;
  }
  return std::nullopt;
}

/// Leaves out mischief, transactions, steps, locations and workers as long as some schedule still fails.
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
  without([](Setting& s) { s.mischief.max_suspended = 0; });
  without([](Setting& s) { s.mischief.early_abort = false; });
  without([](Setting& s) { s.mischief.defer_fees = false; });
  without([](Setting& s) { s.mischief.follows_hot = false; });
  without([](Setting& s) { s.mischief.foreseen_nonce.reset(); });
  without([](Setting& s) { s.mischief.in_turn = false; });
  without([](Setting& s) { s.mischief.reach = 1; });
  without([](Setting& s) { s.mischief.begins_alone = false; });
  without([](Setting& s) { s.mischief.window = 512; });
  without([](Setting& s) { s.mischief.leaves_chains = false; });
  without([](Setting& s) { s.mischief.leaves_after = 0; });
  without([](Setting& s) { s.schedule.one_stall_in = 0; });
  // Many at a time first.
  for (std::size_t size = std::max<std::size_t>(scenario.transactions.size() / 2, 1); size > 0; size /= 2) {
    for (std::size_t end = scenario.transactions.size(); end >= size; end -= size) {
      Scenario smaller = scenario;
      const auto last = smaller.transactions.begin() + static_cast<std::ptrdiff_t>(end);
      smaller.transactions.erase(last - static_cast<std::ptrdiff_t>(size), last);
      still_fails(smaller, setting);
    }
  }
  for (std::size_t i = scenario.transactions.size(); i-- > 0;) {
    for (std::size_t j = scenario.transactions[i].size(); j-- > 0;) {
      Scenario smaller = scenario;
      Program& program = smaller.transactions[i];
      program.erase(program.begin() + static_cast<std::ptrdiff_t>(j));
      still_fails(smaller, setting);
    }
  }
  if (scenario.beneficiary) {
    Scenario smaller = scenario;
    smaller.beneficiary.reset();
    still_fails(smaller, setting);
  }
  // Fewer locations: everything that is done to one is done to the first instead.
  const auto merge = [&](std::uint8_t Step::* place, std::uint8_t number) {
    Scenario smaller = scenario;
    for (Program& program : smaller.transactions)
      for (Step& step : program)
        if (step.*place == number) step.*place = 0;
    still_fails(smaller, setting);
  };
  for (std::uint8_t account = kAccounts; account-- > 1;) merge(&Step::a, account);
  for (std::uint8_t slot = 3; slot-- > 1;) merge(&Step::b, slot);
  while (setting.schedule.workers > 2) {
    Setting changed = setting;
    --changed.schedule.workers;
    if (!still_fails(scenario, changed)) break;
  }
  return failure + "\n" + to_string(setting) + "\n" + to_string(scenario);
}

/// For when an assertion ends the program in the middle of a schedule.
std::atomic<std::uint64_t> seed_under_way{0};
void print_seed(int) {
  ::dprintf(2, "seed %llu ended the program: replay: HOCKET_SEED=%llu\n",
            static_cast<unsigned long long>(seed_under_way), static_cast<unsigned long long>(seed_under_way));
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
  const auto handler_before = std::signal(SIGABRT, print_seed);
  for (std::uint64_t seed = first; seed < first + count && failures < 3; ++seed) {
    seed_under_way = seed;
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
    sum.resumed += block->counts().resumed;
    sum.early_aborts += block->counts().early_aborts;
    sum.narrow += block->counts().narrow;
    sum.left += block->counts().left;
    sum.invalid += block->counts().invalid;
    sum.redone += block->counts().redone;
    sum.redone_in_vain += block->counts().redone_in_vain;
    sum.at_once += block->counts().at_once;
    if (!failure) continue;
    ++failures;
    block = std::make_unique<SimulatedBlock>();
    ADD_FAILURE() << "seed " << seed << ": " << *failure << "\n"
                  << to_string(setting) << "\n"
                  << to_string(scenario) << "replay: HOCKET_SEED=" << seed
                  << "\nsmaller: " << shrink(scenario, setting);
  }
  std::signal(SIGABRT, handler_before);
  RecordProperty("steps", std::to_string(sum.steps));
  std::cout << "  " << count << " schedules: " << sum.steps << " shared accesses, " << sum.executions << " executions, "
            << sum.waits << " waits, " << sum.resumed << " resumed, " << sum.early_aborts << " ended early, "
            << sum.invalid << " stale, " << sum.redone << " redone, " << sum.redone_in_vain << " in vain, "
            << sum.at_once << " at once, " << sum.narrow << " committed by one worker alone, " << sum.left << " left\n";
  if (count > 1000) {
    // A simulation in which nothing goes wrong shows nothing.
    EXPECT_GT(sum.waits, count / 100);
    EXPECT_GT(sum.resumed, count / 100);
    EXPECT_GT(sum.early_aborts, count / 100);
    EXPECT_GT(sum.invalid, count / 100);
    EXPECT_GT(sum.redone, count / 100);
    EXPECT_GT(sum.redone_in_vain, count / 100);
    EXPECT_GT(sum.at_once, count / 20);
    EXPECT_GT(sum.narrow, count / 100);
    EXPECT_GT(sum.left, count / 100);
  }
}

}  // namespace
}  // namespace hocket::simulation
