// What a kind of endpoint grants, and what it answers.
#pragma once

#include <optional>

#include "agent/endpoint_judge.hpp"
#include "core/time.hpp"
#include "hearth/credential.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::agent {

// Loop thread only. Replies are whole, as they go over the wire.
class EndpointFace {
  public:
    virtual ~EndpointFace() = default;

    // Of a question that a program of this machine asks.
    [[nodiscard]] virtual Verdict judge(const Question& question) const = 0;
    // Whether nobody has to show a token, so that only the user's own processes may be let in.
    [[nodiscard]] virtual bool trusts_the_user() const noexcept = 0;
    // The reply to a question that is granted and takes no credential.
    [[nodiscard]] virtual std::optional<Secret> fixed_reply(const Question& question) const = 0;
    // The reply to every question for as long as the credential is the same one; absent where it
    // depends on more.
    [[nodiscard]] virtual std::optional<Secret> lasting_reply(
        const Credential& credential) const = 0;
    [[nodiscard]] virtual Secret reply(const Question& question, const Credential& credential,
                                       Instant now) const = 0;
    // There is no credential now, and why.
    [[nodiscard]] virtual Secret failure(const Error& error) const = 0;
    // To a request that is not granted; the connection ends with it.
    [[nodiscard]] virtual Secret refusal(Verdict verdict) const = 0;
};

}  // namespace hearth::agent
