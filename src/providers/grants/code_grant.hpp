#pragma once

#include <memory>
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

    static Result<CodeGrant> open(oauth::Callbacks& callbacks, Plan plan);
    CodeGrant(CodeGrant&&) noexcept = default;
    CodeGrant& operator=(CodeGrant&&) = delete;
    CodeGrant(const CodeGrant&) = delete;
    CodeGrant& operator=(const CodeGrant&) = delete;
    ~CodeGrant();

    // With the port that is listened on.
    [[nodiscard]] const std::string& redirect_uri() const noexcept { return redirect_uri_; }
    // Shows the pages and waits for a code, whichever way it comes first.
    Result<Received> ask(Person& person, const Pages& pages, const std::stop_token& stop);
    // Tells the browser how it ended and gives it the time to hear it.
    Result<Session> finish(Result<Session> session, const std::stop_token& stop);

  private:
    CodeGrant(Plan plan, std::shared_ptr<oauth::CodeInbox> inbox) noexcept
        : plan_(std::move(plan)), inbox_(std::move(inbox)) {}
    Result<Received> wait(Person& person, const std::stop_token& stop);

    Plan plan_;
    std::string redirect_uri_;
    // Shared with whoever still holds the function that pastes.
    std::shared_ptr<oauth::CodeInbox> inbox_;
    std::unique_ptr<oauth::CallbackListener> listener_;
};

}  // namespace hearth::providers
