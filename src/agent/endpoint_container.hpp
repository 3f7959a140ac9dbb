// The endpoint as AWS's SDKs know it from containers (AWS_CONTAINER_CREDENTIALS_FULL_URI).
#pragma once

#include <string>

#include "agent/endpoint_face.hpp"

namespace hearth::agent {

// One GET of one path with one token.
class ContainerFace : public EndpointFace {
  public:
    // `authorization` is the whole value of the header.
    ContainerFace(std::string path, Secret authorization)
        : path_(std::move(path)), authorization_(std::move(authorization)) {}

    [[nodiscard]] Verdict judge(const Question& question) const override;
    [[nodiscard]] bool trusts_the_user() const noexcept override { return false; }
    [[nodiscard]] std::optional<Secret> fixed_reply(const Question& question) const override;
    [[nodiscard]] std::optional<Secret> lasting_reply(const Credential& credential) const override;
    [[nodiscard]] Secret reply(const Question& question, const Credential& credential,
                               Instant now) const override;
    [[nodiscard]] Secret failure(const Error& error) const override;
    [[nodiscard]] Secret refusal(Verdict verdict) const override;

  private:
    std::string path_;
    Secret authorization_;
};

}  // namespace hearth::agent
