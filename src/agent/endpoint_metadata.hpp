// The endpoint as Google's libraries know it from instances: a metadata server.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/endpoint_face.hpp"

namespace hearth::agent {

// What the server tells beside the token.
struct MetadataFacts {
    std::string project;  // Empty: nobody said.
    std::string email;    // Whose the token is; empty where it is not known.
    std::vector<std::string> scopes;
    std::string universe_domain;    // Empty: googleapis.com.
    std::string id_token_audience;  // Not empty: the credential is an ID token for it.
};

// Many paths, no token, and the header by which a program says that it means to ask.
class MetadataFace : public EndpointFace {
  public:
    // Looks anew for each question: settings may change while the endpoint is open.
    explicit MetadataFace(std::function<MetadataFacts()> look) : look_(std::move(look)) {}

    [[nodiscard]] Verdict judge(const Question& question) const override;
    [[nodiscard]] bool trusts_the_user() const noexcept override { return true; }
    [[nodiscard]] std::optional<Secret> fixed_reply(const Question& question) const override;
    [[nodiscard]] std::optional<Secret> lasting_reply(const Credential& credential) const override;
    [[nodiscard]] Secret reply(const Question& question, const Credential& credential,
                               Instant now) const override;
    [[nodiscard]] Secret failure(const Error& error) const override;
    [[nodiscard]] Secret refusal(Verdict verdict) const override;

  private:
    std::function<MetadataFacts()> look_;
};

}  // namespace hearth::agent
