// The table that hocket bench prints.
#pragma once

#include "report/baseline.hpp"
#include "workloads/measure.hpp"

namespace hocket {

class BenchTable {
 public:
  /// `baseline`: what to compare with, or null; it must live as long.
  BenchTable(bool colours, const report::Baseline* baseline) : colours_(colours), baseline_(baseline) {}

  void print_heading() const;
  /// One line for each way of execution.
  void print(const workloads::Measurement& measurement) const;

 private:
  void print_cost(const workloads::Measurement& measurement, const workloads::Cost& cost) const;
  std::string change_text(const workloads::Measurement& measurement, const workloads::Cost& cost) const;

  bool colours_;
  const report::Baseline* baseline_;
};

}  // namespace hocket
