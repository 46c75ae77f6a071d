// What `hocket --version` says.
#pragma once

#include <string>

namespace hocket {

/// Version, compiler, and the processor features that the engine uses here. Several lines.
std::string version_text();

}  // namespace hocket
