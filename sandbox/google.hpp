// What the Google face knows: its project, whose keys and sign-ins are good, the tokens that came
// of them, and what was asked of it.
#pragma once

#include <boost/json/array.hpp>

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/instant.hpp"
#include "sandbox/jose.hpp"

namespace hearth::sandbox {

inline constexpr std::string_view google_project = "sandbox-project";
inline constexpr std::string_view google_project_number = "123456789012";
inline constexpr std::string_view google_cloud_scope =
    "https://www.googleapis.com/auth/cloud-platform";
inline constexpr std::string_view google_email_scope =
    "https://www.googleapis.com/auth/userinfo.email";
// The service account of the instance that the metadata server speaks for.
inline constexpr std::string_view google_instance_account = "instance";

// "NAME@sandbox-project.iam.gserviceaccount.com"; a whole address stays as it is.
std::string google_email(std::string_view name);

struct GoogleAccount {
    enum class Kind : std::uint8_t { google, distributed };
    Kind kind = Kind::google;
    std::string email;  // Of Distributed Cloud: "system:serviceaccount:PROJECT:NAME".
    std::string unique_id;
    bool enabled = true;
    std::vector<std::string> subjects;                    // Whom it may act for in its domain.
    std::map<std::string, SigningKey, std::less<>> keys;  // By their identifiers.
};

// What a person allowed a program, and what it may be renewed by.
struct GoogleSignIn {
    enum class Kind : std::uint8_t { google, workforce };
    Kind kind = Kind::google;
    std::string principal;
    std::string client_id;
    std::vector<std::string> scopes;
    std::string refresh_token;       // The one in force.
    std::vector<std::string> spent;  // Those before it.
    bool revoked = false;
    std::string reauth;  // Not empty: the subtype of the error until the proof is shown.
    std::string rapt;    // The proof.
};

struct GoogleClient {
    std::string secret;
    bool enabled = true;
};

struct GoogleToken {
    std::string principal;
    std::string client_id;
    std::vector<std::string> scopes;
    Instant expires_at;
    bool revoked = false;
};

// One request to the Google face; never a secret.
struct GoogleRecord {
    Instant at;
    std::string endpoint;
    std::string kind;       // The grant, the method, or what the metadata server was asked for.
    std::string principal;  // Who asked, once that is known.
    std::string quota_project;
    std::string
        outcome;  // "answered", an error's code, or "not_processed" when a fault came first.
    std::string detail;
    std::vector<std::string> faults;
};

// What tests change while it runs.
struct GoogleRules {
    seconds lifetime{3600};            // Of access tokens.
    seconds clock_offset{0};           // How far Google's clock is ahead of the machine's.
    bool instance_has_account = true;  // The instance runs as a service account.
    bool long_lifetimes = false;       // Impersonation for more than an hour.
    std::string universe = "googleapis.com";
    std::vector<std::string> disabled_services;
};

struct Google {
    explicit Google(GoogleRules given);

    GoogleRules rules;
    std::map<std::string, GoogleAccount, std::less<>> accounts;  // By e-mail.
    std::map<std::string, bool, std::less<>> people;             // And whether they still exist.
    std::map<std::string, GoogleClient, std::less<>> clients;
    std::deque<GoogleSignIn> sign_ins;
    std::map<std::string, GoogleToken, std::less<>> tokens;
    // The service accounts that somebody may impersonate; "*" is everybody else.
    std::map<std::string, std::vector<std::string>, std::less<>> may_become;
    std::map<std::string, std::string, std::less<>> instance_tokens;  // By their scopes.
    std::string subject_key;  // What the place of subject tokens wants to be shown.
    std::vector<GoogleRecord> records;

    // The account of that name, made where it is new.
    GoogleAccount& account(std::string_view name,
                           GoogleAccount::Kind kind = GoogleAccount::Kind::google);
    // "ya29." and more; `kind` is what Google's own begin with then: "a0", "c.c0", "d.c0".
    std::string issue(GoogleToken token, std::string_view kind);
    // While it may be used.
    [[nodiscard]] const GoogleToken* usable(std::string_view token, Instant now) const;
    // The sign-in that it is the refresh token of, or was.
    [[nodiscard]] GoogleSignIn* sign_in(std::string_view refresh_token);
    [[nodiscard]] bool may_impersonate(const std::string& who, const std::string& email) const;
    [[nodiscard]] bool exists(const std::string& principal) const;
    [[nodiscard]] boost::json::array records_json() const;
};

// What an answer says of how long a token lives: a second less than it does.
std::int64_t google_expires_in(Instant expires_at, Instant now);

}  // namespace hearth::sandbox
