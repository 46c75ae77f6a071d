// ProgramCache: analysed code by (code hash, fork), bounded, shared by all workers.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "protocol/spec.hpp"

#include <cstddef>
#include <memory>

namespace hocket {

class Program;

/// Thread safety: `get` may be called from any thread. A Program stays valid until `trim`, which only drops what is
/// beyond the bound and must not run while an execution is under way.
class ProgramCache {
 public:
  /// `max_code_bytes`: how much analysed code may stay after `trim`, measured as code size and a kilobyte an entry. All
  /// that there is of a program takes at most some fifty times its code, and mostly two to ten times.
  explicit ProgramCache(std::size_t max_code_bytes = std::size_t{64} << 20);
  ~ProgramCache();

  const Program& get(const Hash32& code_hash, BytesView code, const Spec& spec, bool traced = false);
  void trim();
  /// Changes with every `trim`.
  std::uint64_t generation() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hocket
