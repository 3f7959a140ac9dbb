#include "cli/login_report.hpp"

#include <array>

#include "cli/escape.hpp"
#include "cli/json_line.hpp"
#include "cli/qr_code.hpp"

namespace hearth::cli {
namespace {

void print(Terminal& terminal, const JsonLine& line) {
    terminal.out(std::string(line.head()).append(line.tail()));
}

std::string code_text(const JsonView& event, bool rich) {
    const auto address = event["verification_uri"].text();
    const auto complete = event["verification_uri_complete"].text();
    const auto code = escaped(event["user_code"].text());
    auto text = "On any device, open\n\n" + escaped(address) + "\n\nand enter the code\n\n" +
                painted(code, rich ? Colour::bold : Colour::none) + "\n\n";
    if (!rich) return text;
    if (const auto symbol = QrCode::of(complete.empty() ? address : complete))
        text += symbol->rendered() + "\n";
    return text;
}

}  // namespace

LoginReport::LoginReport(Terminal& terminal, Format format)
    : terminal_(terminal),
      format_(format),
      rich_(format == Format::text && terminal.shows_words() && terminal.colours()) {}

void LoginReport::open(const std::string& profile, const std::string& url, Opened opened) {
    opened_ = url;
    if (format_ == Format::json)
        return print(terminal_, JsonLine().text("event", "open").text("url", url));
    std::string text;
    if (opened == Opened::by_us) {
        text = "Your browser opens to sign in to " + profile + ". If it does not, open this:\n\n";
    } else if (opened == Opened::failed) {
        text = "No browser could be started. To sign in to " + profile + ", open this:\n\n";
    } else {
        text = "To sign in to " + profile + ", open this in a browser:\n\n";
    }
    // Alone on its line, for whoever reads it by program.
    say(text + escaped(url) + "\n\n");
    spinning_ = rich_;
}

void LoginReport::code(const JsonView& event) {
    if (format_ == Format::text) {
        say(code_text(event, rich_));
        spinning_ = rich_;
        return;
    }
    JsonLine line;
    line.text("event", "code").json("user_code", event["user_code"].raw());
    line.json("verification_uri", event["verification_uri"].raw());
    line.json("verification_uri_complete", event["verification_uri_complete"].raw());
    line.json("expires_in", event["expires_in"].raw());
    print(terminal_, line);
}

void LoginReport::paste(const std::string& url) {
    if (only_paste(url)) {
        say("Paste the code that the page shows, and press Enter (it is not shown here).\n");
    } else {
        say("Or open this instead, paste the code that the page shows, and press Enter (it is not "
            "shown here):\n\n" +
            escaped(url) + "\n\n");
    }
    spinning_ = false;
}

void LoginReport::ask_code(const std::string& device) {
    if (format_ == Format::json) {
        JsonLine line;
        print(terminal_, line.text("event", "mfa").text("device", device));
    } else {
        say("AWS wants to know that it is you: type the code that the MFA device\n" +
            escaped(device) + "\nshows now, and press Enter (it is not shown here).\n");
    }
    spinning_ = false;
}

void LoginReport::notice(const std::string& text) { say(escaped(text) + "\n"); }

void LoginReport::file_kept(const std::string& path) {
    if (format_ == Format::text)
        say("hearth keeps what " + escaped(path) + " holds; the file is needed no more\n");
}

void LoginReport::done(const JsonView& answer) {
    const auto fingerprint = answer["fingerprint"].text();
    if (format_ == Format::json) {
        JsonLine line;
        line.text("event", "done").json("profile", answer["profile"].raw());
        line.json("account", answer["account"].raw());
        if (!fingerprint.empty()) line.text("fingerprint", fingerprint);
        return print(terminal_, line.json("expires_at", answer["expires_at"].raw()));
    }
    if (!fingerprint.empty())
        return say("Kept the API key " + escaped(fingerprint) + " for " +
                   escaped(answer["profile"].text()) + ".\n");
    auto text = "Signed in to " + escaped(answer["profile"].text());
    if (const auto account = answer["account"].text(); !account.empty())
        text += " as " + escaped(account);
    say(text + ".\n");
}

ExitStatus LoginReport::failed(const Error& error) {
    clear();
    if (format_ == Format::json) {
        JsonLine line;
        line.text("event", "failed").text("error", error.what);
        print(terminal_, line.text("hint", error.hint));
    }
    return terminal_.fail(error);
}

ExitStatus LoginReport::interrupted() {
    say("hearth: the sign-in was cancelled\n");
    return ExitStatus::interrupted;
}

void LoginReport::turn() {
    static constexpr std::array<std::string_view, 10> steps{"⠋", "⠙", "⠹", "⠸", "⠼",
                                                            "⠴", "⠦", "⠧", "⠇", "⠏"};
    if (!spinning_) return;
    drawn_ = true;
    terminal_.words(std::string("\r") + painted(steps.at(step_++ % steps.size()), Colour::cyan) +
                    " Waiting for you to sign in; ctrl-C cancels.");
}

void LoginReport::say(const std::string& text) {
    clear();
    terminal_.words(text);
}

void LoginReport::clear() {
    if (std::exchange(drawn_, false)) terminal_.words("\r\x1b[K");
}

}  // namespace hearth::cli
