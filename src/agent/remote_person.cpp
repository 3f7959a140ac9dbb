#include "agent/remote_person.hpp"

#include "agent/line.hpp"

namespace hearth::agent {
namespace {

void write(Line& line, const providers::OpenBrowser& prompt) {
    line.text("type", "open").text("url", prompt.url);
}

void write(Line& line, const providers::ShowCode& prompt) {
    line.text("type", "code").text("user_code", prompt.user_code);
    line.text("verification_uri", prompt.verification_uri);
    line.text_or_null("verification_uri_complete", prompt.verification_uri_complete);
    line.seconds("expires_in", prompt.expires_in);
}

void write(Line& line, const providers::OfferPaste& prompt) {
    line.text("type", "paste").text("url", prompt.url);
}

void write(Line& line, const providers::AskCode& prompt) {
    line.text("type", "mfa").text("device", prompt.device);
}

void write(Line& line, const providers::Notice& prompt) {
    line.text("type", "notice").text("text", prompt.text);
}

}  // namespace

Secret prompt_line(const providers::Prompt& prompt) {
    Line line;
    line.object("event");
    std::visit([&](const auto& one) { write(line, one); }, prompt);
    return line.take();
}

void RemotePerson::show(const providers::Prompt& prompt) {
    loop_.post([call = call_, line = prompt_line(prompt)] {
        if (const auto live = call.lock()) live->event(line);
    });
}

void RemotePerson::on_paste(std::function<void(Secret)> receive) {
    const std::scoped_lock lock(mutex_);
    receive_ = std::move(receive);
}

void RemotePerson::paste(Secret pasted) {
    std::function<void(Secret)> receive;
    {
        const std::scoped_lock lock(mutex_);
        receive = receive_;
    }
    if (receive) receive(std::move(pasted));
}

}  // namespace hearth::agent
