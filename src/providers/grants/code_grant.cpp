#include "providers/grants/code_grant.hpp"

#include "core/try.hpp"
#include "oauth/loopback_redirect.hpp"

namespace hearth::providers {
namespace {

// A browser follows a redirect at once; one that does not is not waited for longer.
constexpr Span browser_patience = std::chrono::seconds(2);

// Lets a person paste while it lives.
class PasteOffer {
  public:
    PasteOffer(Person& person, std::shared_ptr<oauth::CodeInbox> inbox) : person_(person) {
        person_.on_paste(
            [inbox = std::move(inbox)](Secret text) { inbox->paste(std::move(text)); });
    }
    PasteOffer(PasteOffer&&) = delete;
    PasteOffer& operator=(PasteOffer&&) = delete;
    PasteOffer(const PasteOffer&) = delete;
    PasteOffer& operator=(const PasteOffer&) = delete;
    ~PasteOffer() { person_.on_paste({}); }

  private:
    Person& person_;
};

// Says which setting asks for the port that could not be had, and what can be done about it.
Error cannot_listen(const CodeGrant::Plan& plan, const oauth::LoopbackRedirect& redirect,
                    Error error) {
    if (redirect.port() == 0) {
        error.hint = "sign in by hearth login --device, where the provider has that";
        return error;
    }
    const std::string setting = plan.redirect_port == 0 ? "redirect_uri" : "redirect_port";
    error.what += "; the profile's " + setting + " asks for it";
    error.hint = "end the program that has port " + std::to_string(redirect.port()) +
                 ", or choose another by " + setting;
    return error;
}

}  // namespace

Result<CodeGrant> CodeGrant::open(oauth::Callbacks& callbacks, Plan plan) {
    const auto redirect =
        HEARTH_TRY(oauth::LoopbackRedirect::parse(plan.redirect_uri, plan.redirect_port));
    auto inbox = std::make_shared<oauth::CodeInbox>(
        oauth::CallbackExpectation{.path = redirect.path(), .port = 0, .response = plan.response});
    CodeGrant grant(std::move(plan), inbox);
    auto listener = callbacks.listen(
        redirect.port(),
        [inbox](const oauth::CallbackRequest& request) { return inbox->answer(request); });
    if (listener) {
        grant.listener_ = *std::move(listener);
        inbox->listening_on(grant.listener_->port());
        grant.redirect_uri_ = redirect.uri(grant.listener_->port());
        return grant;
    }
    auto error = cannot_listen(grant.plan_, redirect, std::move(listener).error());
    if (grant.plan_.manual_redirect_uri.empty()) return std::unexpected(std::move(error));
    grant.obstacle_ = std::move(error);
    grant.redirect_uri_ = grant.plan_.manual_redirect_uri;
    return grant;
}

CodeGrant::~CodeGrant() {
    if (!inbox_) return;
    // The listener ends after its last call, which must not be waiting here for us.
    inbox_->close();
    listener_.reset();
}

Result<CodeGrant::Received> CodeGrant::ask(Person& person, const Pages& pages,
                                           const std::stop_token& stop) {
    const PasteOffer offer(person, inbox_);
    if (obstacle_) {
        person.show(Notice{obstacle_->what + " (" + obstacle_->hint +
                           "). The sign-in goes on with a code to paste."});
    }
    person.show(OpenBrowser{obstacle_ ? pages.manual_url : pages.browser_url});
    if (!pages.manual_url.empty()) person.show(OfferPaste{pages.manual_url});
    return wait(person, stop);
}

Result<CodeGrant::Received> CodeGrant::wait(Person& person, const std::stop_token& stop) {
    const auto deadline = std::chrono::steady_clock::now() + plan_.limit;
    while (auto arrival = inbox_->next(deadline, stop)) {
        if (auto* const brought = std::get_if<Result<Secret>>(&*arrival)) {
            return Received{HEARTH_TRY(std::move(*brought)), redirect_uri_};
        }
        const auto& pasted = std::get<oauth::CodeInbox::Pasted>(*arrival).text;
        auto verdict = oauth::judge_paste(plan_.response, plan_.manual_redirect_uri, pasted);
        if (!verdict.outcome) {
            person.show(Notice{verdict.complaint + "; the sign-in goes on"});
            continue;
        }
        auto code = HEARTH_TRY(*std::move(verdict.outcome));
        const bool loopback = code.from_address || plan_.manual_redirect_uri.empty();
        return Received{std::move(code.code), loopback ? redirect_uri_ : plan_.manual_redirect_uri};
    }
    if (stop.stop_requested()) {
        return std::unexpected(
            Error{Remedy::sign_in, "the sign-in was cancelled", "sign in again"});
    }
    return std::unexpected(Error{Remedy::sign_in,
                                 "nobody signed in within " + to_string(plan_.limit),
                                 "sign in again; sign_in_timeout of the profile sets the limit"});
}

Result<Session> CodeGrant::finish(CodeGrant grant, Result<Session> session, Person& person) {
    if (session) {
        person.on_end(
            [grant = std::move(grant)](const Result<>& end) mutable { grant.say_farewell(end); });
    } else {
        grant.say_farewell(std::unexpected(session.error()));
    }
    return session;
}

void CodeGrant::say_farewell(const Result<>& end) {
    using Stage = oauth::Progress::Stage;
    std::string text;
    if (!end) {
        text = end.error().what;
        if (!end.error().hint.empty()) text += ". What to do: " + end.error().hint;
    }
    inbox_->conclude(end ? Stage::worked : Stage::failed, std::move(text));
    inbox_->let_browser_finish(browser_patience);
}

}  // namespace hearth::providers
