// What people allowed, and the codes and tokens that came of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/instant.hpp"
#include "sandbox/message.hpp"

namespace hearth::sandbox {

enum class Face : std::uint8_t { standard, claude, aws };
std::string_view name_of(Face face);

// Who may do what for whom.
struct Permission {
    std::string client_id;
    std::string user;
    std::vector<std::string> scopes;
    std::vector<std::string> resources;  // RFC 8707; empty: the server's own.
    Face face = Face::standard;
    bool offline = false;  // Google's way to ask for a refresh token.
    std::string nonce;
    std::string organization;
    std::string workspace;
    Instant signed_in_at;
};

// An authorization code's memory.
struct CodeGrant {
    Permission permission;
    std::string redirect_uri;
    std::string challenge;
    std::string state;
    Instant expires_at;
    bool spent = false;
    std::string family;  // What it was exchanged for.
};

struct Tokens {
    std::string access_token;
    std::string refresh_token;  // Empty: none was issued, or the old one stays.
    std::vector<std::string> scopes;
    Instant expires_at;
    Instant refresh_expires_at;
    std::string family;
    int generation = 0;
};

// All tokens that descend from one sign-in; they are revoked together.
struct Family {
    std::string id;
    Permission permission;
    bool live = true;
    std::string why;            // Why it was revoked.
    int generation = 0;         // Counts the renewals.
    std::string refresh_token;  // The one in force; empty where none was issued.
    Tokens newest;
    Instant created_at;
    Instant renewed_at;
    Instant refresh_expires_at;
};

struct AccessToken {
    std::string family;
    std::vector<std::string> scopes;
    std::vector<std::string> resources;
    Instant issued_at;
    Instant expires_at;
    bool revoked = false;
};

struct RefreshToken {
    std::string family;
    int generation = 0;
};

struct Lifetimes {
    seconds code{60};
    seconds access{3600};
    seconds refresh{30 * 24 * 3600};
    seconds leeway{
        0};  // How long the token before the newest still answers, with the same successor.
    bool rotation = true;
};

class Grants {
  public:
    explicit Grants(Lifetimes lifetimes) : lifetimes_(lifetimes) {}

    std::string issue_code(CodeGrant grant, Instant now);
    // Spends the code, whatever is wrong with the rest. A code that was spent before revokes what
    // it brought.
    Outcome<CodeGrant*> redeem(std::string_view code, const std::string& client_id, Instant now);
    enum class Renewable : std::uint8_t { yes, no };
    // `lifetime` is the access token's; the usual one where it is absent.
    Tokens begin(const Permission& permission, Renewable renewable, Instant now,
                 std::optional<seconds> lifetime = {});
    // `scopes` and `resources` narrow the access token; empty ones ask for all that was granted.
    struct Renewal {
        std::string token;
        std::string client_id;
        std::vector<std::string> scopes;
        std::vector<std::string> resources;
    };
    Outcome<Tokens> renew(const Renewal& renewal, Instant now);

    [[nodiscard]] const AccessToken* access(std::string_view token) const;
    [[nodiscard]] const RefreshToken* refresh(std::string_view token) const;
    [[nodiscard]] const Family* family(std::string_view id) const;
    // The token's permission, while it may be used.
    [[nodiscard]] const AccessToken* usable(std::string_view token, Instant now) const;
    // Whether the refresh token would renew now.
    [[nodiscard]] bool current(const RefreshToken& token, Instant now) const;

    void revoke_access(std::string_view token);
    void revoke_family(const std::string& id, std::string why);
    void revoke_all(const std::string& why);
    // From now on every sign-in is of this organisation, as its next renewal tells.
    void move_all(const std::string& organization);
    void expire_access_tokens(Instant now);

    [[nodiscard]] const std::map<std::string, Family, std::less<>>& families() const {
        return families_;
    }

  private:
    Tokens issue(Family& family, std::vector<std::string> scopes,
                 std::vector<std::string> resources, Instant now,
                 std::optional<seconds> lifetime = {});
    [[nodiscard]] bool forgiven(const RefreshToken& token, const Family& family, Instant now) const;

    Lifetimes lifetimes_;
    int next_family_ = 1;
    std::map<std::string, CodeGrant, std::less<>> codes_;
    std::map<std::string, Family, std::less<>> families_;
    std::map<std::string, AccessToken, std::less<>> access_tokens_;
    std::map<std::string, RefreshToken, std::less<>> refresh_tokens_;
};

}  // namespace hearth::sandbox
