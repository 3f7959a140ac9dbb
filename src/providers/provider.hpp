// Port: how a kind of account signs in, renews, describes itself and signs out.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/profile.hpp"
#include "core/session.hpp"
#include "core/time.hpp"
#include "hearth/credential.hpp"
#include "hearth/error.hpp"

namespace hearth::providers {

// What a sign-in shows to the person.
struct OpenBrowser {
    std::string url;
};
struct ShowCode {
    std::string user_code;
    std::string verification_uri;
    std::string verification_uri_complete;  // May be empty.
    Span expires_in{};
};
// A code may be pasted from now on.
struct OfferPaste {
    std::string url;  // Where the person gets the code.
};
// A code of the person's MFA device may be pasted from now on.
struct AskCode {
    std::string device;  // By its serial number.
};
struct Notice {
    std::string text;
};
using Prompt = std::variant<OpenBrowser, ShowCode, OfferPaste, AskCode, Notice>;

// Tells a page in the browser how the sign-in ended. Called at most once, from the signing-in
// thread, and takes a moment; one that is dropped sends the person to the terminal instead.
using Farewell = std::move_only_function<void(const Result<>& end)>;

// The person in front of the caller's terminal. `show` may be called from the signing-in thread
// only; the function given to `on_paste` may be called from any thread, any number of times, until
// it is replaced by an empty one.
class Person {
  public:
    virtual ~Person() = default;
    virtual void show(const Prompt& prompt) = 0;
    virtual void on_paste(std::function<void(Secret pasted)> receive) = 0;
    // A provider hands over the page that waits when it has a session: only its caller knows
    // whether that is kept.
    virtual void on_end(Farewell farewell) { farewell = nullptr; }
};

enum class SignInWay : std::uint8_t { browser, device };

struct SignInOptions {
    SignInWay way = SignInWay::browser;
    bool open_browser = true;  // False: the URL is shown, nothing is opened.
};

// How a renewal ended. The session in `Renewed` has the old version; the session layer counts it
// up.
struct Renewed {
    Session session;
};
// The server says this refresh token is dead (RFC 6749 section 5.2 invalid_grant).
struct GrantInvalid {
    Error error;
};
// The server did not do it, or never saw the request; the refresh token is unspent.
struct NotRenewed {
    Error error;
    bool worth_retrying = true;
    std::optional<Span> retry_after;
    // Whoever waits is told at once, and it is tried again after so long.
    std::optional<Span> look_again;
    // It failed here, before anything was sent: no other process is kept from trying.
    bool ours = false;
};
// The request was sent and its outcome is unknown: the token may be spent.
struct AnswerLost {
    Error error;
};
struct Renewal {
    std::variant<Renewed, GrantInvalid, NotRenewed, AnswerLost> outcome;
    std::optional<Span> server_skew;  // The server's Date minus our clock, where it sent one.
};

// What another program got from the provider, and the person hands over.
struct HeldTokens {
    std::optional<Secret> access_token;
    Secret refresh_token;
    std::optional<Secret> client_secret;
    std::optional<Instant> expires_at;  // Of the access token.
    Scopes scopes;
    Account account;  // As that program says.
};

inline constexpr const char* basis_fact = "basis";

// What a profile rests on.
struct Base {
    std::shared_ptr<const Profile> profile;
    CredentialPtr credential;
};

struct Fact {
    std::string name;
    std::string value;
};

// Safe from any thread; every call blocks its caller until done, timed out or stopped. Built with
// the ports it needs.
class Provider {
  public:
    virtual ~Provider() = default;
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    // A new session with an empty version. A stop request ends it soon, with nothing left behind
    // but the farewell that the person was handed, which holds on to the provider's ports.
    virtual Result<Session> sign_in(const Profile& profile, const SignInOptions& options,
                                    Person& person, std::stop_token stop) = 0;
    // A session around a token or key that the user already has.
    virtual Result<Session> adopt(const Profile& profile, Secret token) = 0;
    // The same for an API key. Remedy::usage, saying what it looks like, for what is none.
    virtual Result<Session> adopt_key(const Profile& profile, Secret /*key*/) {
        return std::unexpected(
            Error{Remedy::usage,
                  "profile '" + profile.name.text() + "' is of a provider without API keys",
                  "hearth login " + profile.name.text() + " --with-token"});
    }
    // A session around the tokens of a sign-in that another program made. Whose it is the provider
    // is asked, where the access token still serves; else it has to be renewed before anything of
    // it is handed out. Spends no refresh token.
    virtual Result<Session> take_over(const Profile& profile, HeldTokens /*tokens*/,
                                      const std::stop_token& /*stop*/) {
        return std::unexpected(Error{
            Remedy::usage,
            "profile '" + profile.name.text() + "' is of a provider without refresh tokens", ""});
    }
    virtual Renewal renew(const Profile& profile, const Session& session, std::stop_token stop) = 0;
    // The profile whose credential this one's are got with; absent for those that need none. Pure.
    [[nodiscard]] virtual std::optional<ProfileName> rests_on(const Profile& /*profile*/) const {
        return std::nullopt;
    }
    // `renew` of a profile that rests on another, with that one's credential.
    virtual Renewal renew_with(const Base& /*base*/, const Profile& profile, const Session& session,
                               std::stop_token stop) {
        return renew(profile, session, std::move(stop));
    }
    // The profile signs in by itself: `renew` makes its session, out of an empty one where there is
    // none. Pure.
    [[nodiscard]] virtual bool unattended(const Profile& /*profile*/) const { return false; }
    // Short, and another one once what the profile's sessions are made of without a person has
    // changed; empty where nothing tells. A session remembers it as its fact `basis_fact`. Quick:
    // it is asked on the loop, whenever the session is handed out.
    [[nodiscard]] virtual std::string basis(const Profile& /*profile*/) const { return {}; }
    // Tells the provider that the session is over. A provider without such a call answers with
    // success.
    virtual Result<> revoke(const Profile& profile, const Session& session,
                            std::stop_token stop) = 0;
    // Asks the provider who this is; facts for people, in order.
    virtual Result<std::vector<Fact>> whoami(const Profile& profile, const Session& session,
                                             std::stop_token stop) = 0;

    // What a caller gets of a session; pure.
    [[nodiscard]] virtual CredentialPtr credential(const Profile& profile,
                                                   const Session& session) const = 0;
    // What is wrong with the profile's settings for this provider, before anything is tried; pure.
    [[nodiscard]] virtual Result<> check(const Profile& profile) const = 0;
};

}  // namespace hearth::providers
