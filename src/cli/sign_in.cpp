#include "cli/sign_in.hpp"

#include <poll.h>

#include <array>

#include "cli/auth_refresh.hpp"
#include "cli/prompt.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

constexpr int spinner_pause = 120;  // Milliseconds.

class Conversation {
  public:
    Conversation(Client& client, const Invocation& invocation, const std::string& profile,
                 std::optional<Opener> opener, LoginReport& report)
        : client_(client),
          invocation_(invocation),
          profile_(profile),
          opener_(opener),
          report_(report) {}

    Result<std::optional<Message>> run() {
        for (;;) {
            while (auto line = client_.connection().next()) {
                client_.heard();
                auto message = HEARTH_TRY(Message::parse(*std::move(line)));
                if (message.kind != Message::Kind::event) return message;
                HEARTH_CHECK(take(message.body));
            }
            if (!HEARTH_TRY(wait())) return std::nullopt;
        }
    }

  private:
    Result<> take(const JsonView& event) {
        const auto type = event["type"].text();
        if (type == "open") {
            open(event["url"].text());
        } else if (type == "code") {
            report_.code(event);
        } else if (type == "paste") {
            return offer_paste(event["url"].text());
        } else if (type == "mfa") {
            return ask_code(event["device"].text());
        } else if (type == "notice") {
            report_.notice(event["text"].text());
        } else {
            HEARTH_CHECK(take_refresh_event(client_, invocation_, event, interrupts_.descriptor()));
        }
        return {};
    }

    Result<> offer_paste(const std::string& url) {
        if (client_.presence() != Presence::person) {
            // Without another way than pasting nothing would come any more.
            if (!report_.only_paste(url)) return {};
            return std::unexpected(
                Error{Remedy::failed, "a code has to be pasted, and there is no terminal for that",
                      "run hearth login at a terminal"});
        }
        // Before anything is said: what is typed from then on must not be seen.
        if (!input_) input_.emplace();
        report_.paste(url);
        return {};
    }

    Result<> ask_code(const std::string& device) {
        if (client_.presence() != Presence::person)
            return std::unexpected(Error{Remedy::sign_in,
                                         "a code of the MFA device " + device +
                                             " is needed, and there is no terminal to type it on",
                                         "run hearth login at a terminal"});
        if (!input_) input_.emplace();
        report_.ask_code(device);
        return {};
    }

    void open(const std::string& url) {
        auto opened = Opened::not_wanted;
        if (opener_)
            opened = open_browser(invocation_.environment, url, *opener_) ? Opened::by_us
                                                                          : Opened::failed;
        report_.open(profile_, url, opened);
    }

    // Until there is something to do; false when interrupted.
    Result<bool> wait() {
        std::array waiting{
            pollfd{.fd = interrupts_.descriptor(), .events = POLLIN, .revents = 0},
            pollfd{.fd = client_.connection().descriptor(), .events = POLLIN, .revents = 0},
            // Poll passes over what is negative.
            pollfd{.fd = input_ ? STDIN_FILENO : -1, .events = POLLIN, .revents = 0}};
        const int ready =
            ::poll(waiting.data(), waiting.size(), report_.turning() ? spinner_pause : -1);
        if (ready == 0) report_.turn();
        if (ready <= 0) return true;
        if (interrupts_.take() != 0) return false;
        if (waiting[2].revents != 0) HEARTH_CHECK(paste());
        if (waiting[1].revents == 0) return true;
        if (HEARTH_TRY(client_.connection().receive(std::chrono::milliseconds(0)))) return true;
        return std::unexpected(client_.lost());
    }

    Result<> paste() {
        if (!input_) return {};
        const auto line = input_->read();
        if (input_->ended()) input_.reset();
        if (!line || line->empty()) return {};
        JsonLine pasted;
        pasted.secret("paste", *line);
        return client_.transmit(pasted);
    }

    Client& client_;
    const Invocation& invocation_;
    const std::string& profile_;
    std::optional<Opener> opener_;
    LoginReport& report_;
    Interrupts interrupts_;
    std::optional<HiddenInput> input_;
};

}  // namespace

Result<std::optional<Message>> follow_sign_in(Client& client, const Invocation& invocation,
                                              const std::string& profile,
                                              std::optional<Opener> opener, LoginReport& report) {
    return Conversation(client, invocation, profile, opener, report).run();
}

}  // namespace hearth::cli
