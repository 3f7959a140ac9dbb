#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "cli/client.hpp"
#include "cli/exec_environment.hpp"
#include "cli/invocation.hpp"
#include "hearth/error.hpp"

namespace hearth::cli {

// An endpoint for one profile's keys of AWS or tokens of Google's that is there as long as this
// object: when its agent ends the next one opens it anew, at the same address.
class HeldEndpoint {
  public:
    // Fails where there is no credential at the moment.
    static Result<HeldEndpoint> open(const Invocation& invocation, const std::string& profile);

    // Of an AWS profile's.
    [[nodiscard]] AwsDoor door() const;
    // HOST:PORT.
    [[nodiscard]] std::string address() const;

    // Readable once the agent has gone; negative while there is none.
    [[nodiscard]] int descriptor() const noexcept;
    // When to look again though nothing is readable; absent while all is well.
    [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const;
    // Asks the next agent where this one has gone. People are told once when that does not work.
    void look();

  private:
    HeldEndpoint(const Invocation& invocation, std::string profile)
        : invocation_(&invocation), profile_(std::move(profile)) {}
    Result<> ask();

    const Invocation* invocation_;
    std::string profile_;
    std::unique_ptr<Client> client_;  // Null while there is no agent.
    AwsDoor door_;
    std::string path_;
    std::int64_t port_ = 0;
    std::chrono::milliseconds pause_{};
};

}  // namespace hearth::cli
