#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "core/session.hpp"
#include "hearth/error.hpp"
#include "oauth/callback.hpp"
#include "oauth/code_inbox.hpp"
#include "providers/provider.hpp"

namespace hearth::providers {

// One sign-in by authorization code: listens on loopback from `open` until it is destroyed, and
// nothing of it is left then. The signing-in thread's alone.
class CodeGrant {
  public:
    struct Plan {
        std::string redirect_uri;  // As LoopbackRedirect takes it.
        std::uint16_t redirect_port = 0;
        std::string manual_redirect_uri;  // Of the page that shows codes; empty: none.
        oauth::ResponseExpectation response;
        Span limit{};
    };
    // The pages that a person may be sent to; both carry the same state and challenge.
    struct Pages {
        std::string browser_url;
        std::string manual_url;  // Empty: none.
    };
    struct Received {
        Secret code;
        std::string redirect_uri;  // The one that the code was issued for.
    };

    // Where nobody can listen, the sign-in goes on with paste alone; Remedy::failed where the plan
    // has no page for that.
    static Result<CodeGrant> open(oauth::Callbacks& callbacks, Plan plan);
    CodeGrant(CodeGrant&&) noexcept = default;
    CodeGrant& operator=(CodeGrant&&) = delete;
    CodeGrant(const CodeGrant&) = delete;
    CodeGrant& operator=(const CodeGrant&) = delete;
    ~CodeGrant();

    // With the port that is listened on; of the page that shows codes where none is.
    [[nodiscard]] const std::string& redirect_uri() const noexcept { return redirect_uri_; }
    // Shows the pages and waits for a code, whichever way it comes first.
    Result<Received> ask(Person& person, const Pages& pages, const std::stop_token& stop);
    // Tells the browser of a failure at once; a session is only good once it is kept, so the page
    // is handed to the person then.
    static Result<Session> finish(CodeGrant grant, Result<Session> session, Person& person);

  private:
    CodeGrant(Plan plan, std::shared_ptr<oauth::CodeInbox> inbox) noexcept
        : plan_(std::move(plan)), inbox_(std::move(inbox)) {}
    Result<Received> wait(Person& person, const std::stop_token& stop);
    void say_farewell(const Result<>& end);

    Plan plan_;
    std::string redirect_uri_;
    std::optional<Error> obstacle_;  // Why nobody listens.
    // Shared with whoever still holds the function that pastes.
    std::shared_ptr<oauth::CodeInbox> inbox_;
    std::unique_ptr<oauth::CallbackListener> listener_;
};

}  // namespace hearth::providers
