#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agent/metrics.hpp"
#include "agent/request.hpp"
#include "session/engine.hpp"

namespace hearth::agent {

// The answer to `token`; Remedy::usage for a credential without one.
Result<Secret> token_line(const Credential& credential);

// Ready answers to `token`, one per profile, each made once per version. Loop thread only.
class TokenLines {
  public:
    struct Ready {
        const ProfileName& profile;
        const Secret& line;
        std::uint64_t& handed_out;
    };

    // The answer to this request right now; absent when it has to wait or cannot be.
    std::optional<Ready> ready(session::Engine& engine, Metrics& metrics,
                               const TokenRequest& request);
    // Keeps an answer of another shape for as long as these.
    void keep(std::shared_ptr<const void> answer) {
        if (others_.size() >= most_others) others_.clear();
        others_.push_back(std::move(answer));
    }
    // Drops the answers, and with them their secrets. Before `metrics` drops a profile.
    void forget() noexcept {
        lines_.clear();
        others_.clear();
    }

  private:
    struct Rendered {
        ProfileName profile;
        CredentialPtr credential;
        Secret line;
        std::uint64_t* handed_out = nullptr;  // In the metrics, so that counting looks up nothing.
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, Rendered, Hash, std::equal_to<>> lines_;
    static constexpr std::size_t most_others = 1024;
    std::vector<std::shared_ptr<const void>> others_;
};

}  // namespace hearth::agent
