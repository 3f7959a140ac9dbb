// hearth in a program of your own: the engine on a thread of its own, and credentials that are
// always fresh.
//
//   auto hearth = hearth::Hearth::open();
//   if (!hearth) return fail(hearth.error());
//   auto credential = (*hearth)->credential("claude");
//   if (credential) (*credential)->authorize(request);
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hearth/credential.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth {

class Reader;

// Something that happened to a session; without any secret.
struct SessionEvent {
    std::string type;  // "renewed", "sign_in_needed", ...: the words of `hearth events`.
    std::chrono::system_clock::time_point at;
    std::string profile;
    std::string text;  // For people; may be empty.
    std::optional<std::chrono::sys_seconds> expires_at;
};

struct OpenOptions {
    // Everything below this folder, as HEARTH_HOME does; empty: where the user's hearth keeps its
    // things.
    std::string home;
    // Renew ahead of time as long as the object lives; without it a renewal happens when somebody
    // asks.
    bool keep = true;
    // Hand out what was given to this process by ANTHROPIC_API_KEY, HEARTH_TOKEN_FD and the like
    // (docs/sources.md) before what somebody signed in to. Descriptors are read and closed by
    // `open`. Helpers of profiles are run by the command line alone, and passed by here.
    bool environment = true;
    // Told of every event of every profile from `open` on, on hearth's own thread: must be quick,
    // must not throw, and must not wait for this Hearth. May be empty.
    std::function<void(const SessionEvent&)> on_event;
};

// What a sign-in asks of the program that embeds it. Called on the sign-in's thread; must not
// throw.
struct SignInPrompts {
    // Show this address, or open it in a browser.
    std::function<void(const std::string& url)> open;
    // Show this code and where to type it (RFC 8628 section 3.3).
    std::function<void(const std::string& user_code, const std::string& verification_uri)> code;
};

struct ProfileState {
    std::string profile;
    std::string provider;
    std::string state;  // "fresh", "signed_out", ...: the words of `hearth status`.
    std::string account;
    std::optional<std::chrono::sys_seconds> expires_at;
    std::string last_error;
};

// Safe from any thread. Sessions are shared with every other hearth program of this user, under the
// same lock: whoever renews first renews for all. Closing waits for a renewal that is under way,
// ten seconds at most.
class Hearth {
  public:
    // Remedy::usage for settings that do not parse, with file and line. Starts reading the store at
    // once, in parallel with what the caller does next; never prompts.
    static Result<std::unique_ptr<Hearth>> open(const OpenOptions& options = {});
    ~Hearth();
    Hearth(const Hearth&) = delete;
    Hearth& operator=(const Hearth&) = delete;

    // A credential with at least `min_remaining` left (the profile's own floor when absent).
    // Answers at once while there is one, else waits for the renewal, ten seconds at most.
    // Remedy::sign_in when a person has to sign in.
    Result<CredentialPtr> credential(const std::string& profile,
                                     std::optional<std::chrono::seconds> min_remaining = {});

    // The fastest way to ask again and again: see Reader.
    Result<Reader> reader(const std::string& profile);

    // A resource server answered 401 to this credential: a newer one, or one forced renewal per
    // version.
    Result<CredentialPtr> rejected(const Credential& credential);

    // Signs a person in; blocks until done, or until the profile's time limit.
    Result<> sign_in(const std::string& profile, const SignInPrompts& prompts);
    // Revokes, then erases even when the provider cannot be reached (Remedy::unreachable says so).
    Result<> sign_out(const std::string& profile);

    std::vector<ProfileState> status();

  private:
    class Impl;
    explicit Hearth(std::unique_ptr<Impl> impl) noexcept;
    std::unique_ptr<Impl> impl_;
};

// Reads one profile's credential on one thread. While the credential is warm this takes no lock,
// makes no system call and touches no memory that other threads write. Not thread-safe: give each
// thread its own. Must not outlive its Hearth.
class Reader {
  public:
    Reader(Reader&& other) noexcept;
    Reader& operator=(Reader&& other) noexcept;
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader();

    // Valid until the next call on this reader. Null when there is none at hand that is fresh
    // enough, or the clocks have moved in a way that needs a closer look: then ask `credential`.
    [[nodiscard]] const Credential* warm() noexcept;
    // The same, waiting for a renewal where it must.
    Result<CredentialPtr> credential();

  private:
    friend class Hearth;
    struct Held;
    explicit Reader(std::unique_ptr<Held> held) noexcept;
    std::unique_ptr<Held> held_;
};

}  // namespace hearth
