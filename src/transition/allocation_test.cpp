// A plain transfer in steady state does not touch the heap.
#include "state/in_memory_state.hpp"
#include "transition/execute_transaction.hpp"

#include <atomic>
#include <cstdlib>
#include <gtest/gtest.h>
#include <new>

namespace {

std::atomic<std::size_t> allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace hocket {
namespace {

TEST(AllocationTest, ATransferDoesNotAllocate) {
  constexpr std::size_t kAccounts = 100;
  const auto account = [](std::size_t i) { return to_address(u256{0x1000 + i % kAccounts}); };
  InMemoryState state;
  for (std::size_t i = 0; i < kAccounts; ++i) state.put(account(i), 0, u256{1} << 80, {}, {});
  BlockEnvironment block;
  block.spec = &spec_of(Revision::osaka);
  block.context.gas_limit = 1'000'000'000;
  block.context.base_fee = 7;

  ProgramCache programs;
  Evm evm(programs);
  evm.begin_block(*block.spec, block.context);
  Journal journal(state);
  std::uint64_t nonce = 0;
  const auto round = [&] {
    Transaction transaction;
    transaction.gas_limit = 21000;
    transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = 10;
    transaction.value = 1;
    transaction.nonce = nonce++;
    for (std::size_t i = 0; i < kAccounts; ++i) {
      transaction.sender = account(i);
      transaction.to = account(i + 7);
      ASSERT_TRUE(execute_transaction(transaction, block, evm, journal));
    }
  };
  round();  // reads every account
  const std::size_t before = allocations;
  round();
  EXPECT_EQ(allocations - before, 0u);
}

}  // namespace
}  // namespace hocket
