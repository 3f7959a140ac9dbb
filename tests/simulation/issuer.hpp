// An authorization server: families of refresh tokens, rotation with or without leeway, reuse
// detection, revocation; and what it says when it is not well.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http.hpp"
#include "core/time.hpp"
#include "simulation/scene.hpp"

namespace hearth::simulation {

// Where in the simulated world a sign-in belongs.
struct Place {
    int installation = 0;
    std::string session;
    bool operator==(const Place&) const = default;
};

class Issuer {
  public:
    struct Rules {
        bool rotates = true;
        bool revokes_on_reuse = true;
        Span leeway{};  // How long a spent refresh token still works.
        Span lifetime = std::chrono::hours(1);
    };
    enum class End : std::uint8_t { none, reused, by_user, signed_out, discarded };
    struct Family {
        Place place;
        std::string account;
        End end = End::none;
    };
    struct RefreshToken {
        std::size_t family = 0;
        std::optional<std::size_t> parent;
        std::optional<Span> spent_at;
        bool superseded = false;  // What it was exchanged for has reached the store.
        int received_by = 0;      // The process that has in hand what it was exchanged for.
    };
    struct AccessToken {
        std::size_t family = 0;
        Span issued_at{};
        Span lifetime{};
        bool told = true;  // The client was told this lifetime.
        Moment requested;  // By the client's clocks.
    };
    struct Issued {
        std::size_t access = 0;
        std::optional<std::size_t> refresh;
    };
    // Of a request, as the network knows it.
    struct Arrival {
        Moment requested;
        bool twice = false;
    };
    struct Answer {
        HttpResponse response;
        std::optional<Issued> issued;
        std::optional<Span> retry_after;
        bool refused = false;  // invalid_grant.
    };

    Issuer(Scene& scene, Rules rules) : scene_(scene), rules_(rules) {}

    [[nodiscard]] const Rules& rules() const noexcept { return rules_; }
    // A person has signed in.
    Issued begin(const Place& place, const std::string& account, const Moment& requested);
    Answer exchange(std::size_t refresh, const Arrival& arrival);
    void revoke(std::size_t family, End why);
    // Down until then.
    void fail_until(Span until) noexcept { down_until_ = until; }

    [[nodiscard]] bool would_renew(std::size_t refresh) const;
    [[nodiscard]] Family& family(std::size_t index) { return families_.at(index); }
    [[nodiscard]] std::size_t families() const noexcept { return families_.size(); }
    [[nodiscard]] RefreshToken& refresh(std::size_t index) { return refreshes_.at(index); }
    [[nodiscard]] const AccessToken& access(std::size_t index) const { return accesses_.at(index); }

  private:
    Issued issue(std::size_t family, std::optional<std::size_t> parent, const Moment& requested);
    Answer trouble();
    Answer refusal();
    Answer success(const Issued& issued);
    void add_date(HttpResponse& response);

    Scene& scene_;
    Rules rules_;
    std::vector<Family> families_;
    std::vector<RefreshToken> refreshes_;
    std::vector<AccessToken> accesses_;
    Span down_until_{};
};

// Tokens are named by their number.
std::string refresh_name(std::size_t index);
std::string access_name(std::size_t index);
// Absent for what is not such a token.
std::optional<std::size_t> refresh_number(std::string_view text);
std::optional<std::size_t> access_number(std::string_view text);

}  // namespace hearth::simulation
