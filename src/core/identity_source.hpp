// Where a workload's identity token comes from: a JSON Web Token by which a platform says who runs
// there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hearth/error.hpp"

namespace hearth {

struct IdentitySource {
    enum class Kind : std::uint8_t {
        none,
        file,  // Read anew each time: Kubernetes and SPIFFE put a new token there ahead of time.
        variable,  // Of the process that asks for the credential.
        github,    // Asked for at the address that GitHub Actions gives to a job.
        google,    // Asked for at the machine's metadata server.
        aws,       // Asked for at AWS's token service, with keys of AWS.
    };
    Kind kind = Kind::none;
    // The path, the variable, AWS's region; for another server than the usual one its address, too.
    std::string what;

    // As `identity_token` has it: "file:/run/token", "variable:NAME", "github", "google",
    // "google:URL", "aws:REGION", "aws:REGION:URL". The error follows the key's name: "must be …".
    static Result<IdentitySource> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] bool none() const noexcept { return kind == Kind::none; }
    // The variables of the asking process that it needs, in order; the agent has none of them.
    [[nodiscard]] std::vector<std::string> variables() const;
    bool operator==(const IdentitySource&) const = default;
};

}  // namespace hearth
