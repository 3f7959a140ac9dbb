#pragma once

#include <optional>
#include <string>

#include "providers/aws/resolve.hpp"
#include "providers/aws/variables.hpp"

namespace hearth::providers::aws {

// Port: what AWS's configuration is read from, anew at each use, because people and other programs
// change it. Safe from any thread.
class Material : public PlanFiles {
  public:
    // Those of the process that the engine runs in, for what they say of the machine: the variables
    // with keys and with a profile are of whoever set them, and are left out.
    virtual Result<Variables> variables() = 0;
    virtual std::string home() = 0;
    // Another one once the file has changed, without reading it; empty where there is none.
    virtual std::string stamp(const std::string& path) = 0;
    // Absent where there is no such file; Remedy::failed, naming it, where it cannot be read.
    virtual Result<std::optional<Secret>> shared_file(const std::string& path,
                                                      std::size_t limit) = 0;
};

}  // namespace hearth::providers::aws
