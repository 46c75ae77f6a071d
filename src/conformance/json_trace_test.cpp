#include "conformance/json_trace.hpp"

#include "protocol/opcode.hpp"

#include <array>
#include <cstdlib>
#include <gtest/gtest.h>

namespace hocket {
namespace {

/// What `write` makes a trace write.
template <class Write>
std::string traced(const JsonTraceOptions& options, Write write) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* file = open_memstream(&text, &size);
  {
    JsonTrace trace(options, file);
    write(trace);
  }
  std::fclose(file);
  std::string result(text, size);
  std::free(text);  // NOLINT: open_memstream's
  return result;
}

constexpr std::array<u256, 2> kStack{u256(0), u256(0x40)};

constexpr JsonTraceOptions kEveryExit{.stack = true, .memory = false, .return_data = false, .inner_exits = true};

TraceStep step() {
  TraceStep step;
  step.pc = 4;
  step.opcode = OP_ADD;
  step.gas = 1000;
  step.gas_cost = 3;
  step.static_gas = 3;
  step.memory_size = 32;
  step.stack = kStack;
  step.refund = 7;
  return step;
}

TEST(JsonTrace, WritesStepsAsGoEthereumDoes) {
  EXPECT_EQ(traced({}, [](JsonTrace& trace) { trace.on_step(step()); }),
            R"({"pc":4,"op":1,"gas":"0x3e8","gasCost":"0x3","memSize":32,"stack":["0x0","0x40"],"depth":1,"refund":7,)"
            R"("opName":"ADD"})"
            "\n");
}

TEST(JsonTrace, LeavesOutWhatItIsToldTo) {
  const Bytes memory(2, 0xab);
  const auto write = [&](JsonTrace& trace) {
    TraceStep s = step();
    s.memory = memory;
    s.return_data = memory;
    trace.on_step(s);
  };
  EXPECT_EQ(traced({.stack = false, .memory = true, .return_data = true, .inner_exits = false}, write),
            R"({"pc":4,"op":1,"gas":"0x3e8","gasCost":"0x3","memory":"0xabab","memSize":32,"stack":null,)"
            R"("returnData":"0xabab","depth":1,"refund":7,"opName":"ADD"})"
            "\n");
}

TEST(JsonTrace, NamesWhatIsUndefinedAndWhatHasTwoNames) {
  const auto name = [](std::uint8_t opcode) {
    return traced({}, [&](JsonTrace& trace) {
      TraceStep s = step();
      s.opcode = opcode;
      trace.on_step(s);
    });
  };
  EXPECT_NE(name(0x0c).find(R"("opName":"opcode 0xc not defined")"), std::string::npos);
  EXPECT_NE(name(OP_PREVRANDAO).find(R"("opName":"DIFFICULTY")"), std::string::npos);
}

TEST(JsonTrace, WritesAFailureThatIsFoundWhileExecutingTwice) {
  const std::string text = traced({}, [](JsonTrace& trace) {
    TraceStep s = step();
    s.opcode = OP_JUMP;
    s.status = Status::bad_jump_destination;
    trace.on_step(s);
    trace.on_exit(1, {}, 1000, Status::bad_jump_destination);
  });
  // The second line has the stack without the destination.
  const std::string before = R"({"pc":4,"op":86,"gas":"0x3e8","gasCost":"0x3","memSize":32,"stack":["0x0")";
  const std::string after = R"(],"depth":1,"refund":7,"opName":"JUMP")";
  EXPECT_EQ(text, before + R"(,"0x40")" + after + "}\n" + before + after + R"(,"error":"invalid jump destination"})" +
                      "\n" + R"({"output":"","gasUsed":"0x3e8","error":"invalid jump destination"})" + "\n");
}

TEST(JsonTrace, ShowsOnlyTheStaticGasOfACallThatCannotBePaid) {
  const std::string text = traced({}, [](JsonTrace& trace) {
    TraceStep s = step();
    s.opcode = OP_CALL;
    s.static_gas = 100;
    s.gas_cost = 9100;
    s.status = Status::out_of_gas;
    trace.on_step(s);
  });
  EXPECT_NE(text.find(R"("gasCost":"0x64")"), std::string::npos);
  EXPECT_NE(text.find(R"("error":"out of gas: out of gas")"), std::string::npos);
}

TEST(JsonTrace, ShowsARevertTwiceAndASelfDestructAsACall) {
  const auto lines = [](std::uint8_t opcode) {
    return traced(kEveryExit, [&](JsonTrace& trace) {
      TraceStep s = step();  // of 64 bytes at 0: the stack's top is the offset
      static constexpr std::array<u256, 3> kRange{u256(1), u256(64), u256(0)};
      s.stack = kRange;
      s.opcode = opcode;
      trace.on_step(s);
    });
  };
  EXPECT_TRUE(lines(OP_REVERT).ends_with(
      R"("memSize":64,"stack":["0x1"],"depth":1,"refund":7,"opName":"REVERT","error":"execution reverted"})"
      "\n"));
  EXPECT_TRUE(lines(OP_SELFDESTRUCT)
                  .ends_with("\n"
                             R"({"output":"","gasUsed":"0x0"})"
                             "\n"));
}

TEST(JsonTrace, TakesAForbiddenWriteForAQuestionOfGas) {
  const auto last_line = [](std::uint8_t opcode) {
    const std::string text = traced({}, [&](JsonTrace& trace) {
      TraceStep s = step();
      s.opcode = opcode;
      s.status = Status::static_mode_violation;
      trace.on_step(s);
    });
    return text.substr(text.rfind('\n', text.size() - 2) + 1);
  };
  EXPECT_NE(last_line(OP_SSTORE).find(R"("error":"out of gas: write protection")"), std::string::npos);
  EXPECT_NE(last_line(OP_TSTORE).find(R"("error":"write protection")"), std::string::npos);
  EXPECT_NE(last_line(OP_LOG0).find(R"("error":"write protection")"), std::string::npos);
}

TEST(JsonTrace, EndsOnlyTheOutermostFrameWithALineUnlessToldOtherwise) {
  const auto write = [](JsonTrace& trace) {
    trace.on_exit(3, {}, 4, Status::success);
    trace.on_exit(2, {}, 5, Status::revert);
    trace.on_exit(1, {}, 9, Status::success);
  };
  const std::string last = R"({"output":"","gasUsed":"0x9"})"
                           "\n";
  EXPECT_EQ(traced({}, write), last);
  EXPECT_EQ(traced(kEveryExit, write), R"({"output":"","gasUsed":"0x4"})"
                                       "\n"
                                       R"({"output":"","gasUsed":"0x5","error":"execution reverted"})"
                                       "\n" +
                                           last);
}

TEST(JsonTrace, ForgetsAFailureWhenItsFrameEnds) {
  const std::string text = traced(kEveryExit, [](JsonTrace& trace) {
    TraceStep s = step();
    s.status = Status::stack_underflow;
    trace.on_step(s);
    trace.on_exit(2, {}, 5, Status::stack_underflow);
    trace.on_exit(1, {}, 9, Status::out_of_gas);
  });
  EXPECT_NE(text.find(R"json("gasUsed":"0x5","error":"stack underflow (2 <=> 2)")json"), std::string::npos);
  EXPECT_NE(text.find(R"("gasUsed":"0x9","error":"out of gas")"), std::string::npos);
}

}  // namespace
}  // namespace hocket
