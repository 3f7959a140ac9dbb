#include "agent/sinks.hpp"

#include <sys/socket.h>

#include <array>

#include "agent/line.hpp"
#include "agent/outside.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;
using session::Event;

constexpr Span patience_with_trouble = 30s;

std::string_view kind_name(SinkKind kind) {
    constexpr std::array<std::string_view, 5> names{"token", "json", "netrc", "folder",
                                                    "anthropic"};
    return names.at(static_cast<std::size_t>(kind));
}

}  // namespace

Sinks::Sinks(session::Engine& engine, SocketLoop& loop, const Clock& clock, Log& log,
             Descriptor outside)
    : engine_(engine), loop_(loop), clock_(clock), log_(log), outside_(std::move(outside)) {
    (void)loop_.watch(outside_.number(), SocketLoop::Interest::read, *this);
}

void Sinks::on_event(const Event& event) {
    using Kind = Event::Kind;
    const bool fresh = event.kind == Kind::loaded || event.kind == Kind::renewed ||
                       event.kind == Kind::adopted || event.kind == Kind::signed_in;
    if (!fresh && event.kind != Kind::signed_out) return;
    for (const auto& [name, sink] : engine_.settings().sinks) {
        if (sink.profile == event.profile.text())
            order(name, fresh ? Change::write : Change::clear);
    }
    send_due();
}

void Sinks::reconsider() {
    for (const auto& [name, sink] : engine_.settings().sinks) order(name, Change::write);
    send_due();
}

bool Sinks::busy() const noexcept { return outside_.open() && (under_way_ > 0 || !due_.empty()); }

void Sinks::order(const Name& sink, Change change) { due_.insert_or_assign(sink, change); }

void Sinks::send_due() {
    const auto& sinks = engine_.settings().sinks;
    while (outside_.open() && !due_.empty()) {
        const auto next = due_.begin();
        const auto sink = sinks.find(next->first);
        if (sink != sinks.end() && !send(sink->second, next->second)) return;
        due_.erase(next);
    }
}

// False when the process outside has enough to do for now.
bool Sinks::send(const SinkSettings& sink, Change change) {
    std::optional<sinks::Handout> handout;
    auto decided = clock_.now().wall;
    if (change == Change::write) {
        const auto profile = Name::parse(sink.profile);
        if (!profile) return true;
        const auto credential = engine_.warm(*profile, Span{});
        const auto& profiles = engine_.settings().profiles;
        const auto settings = profiles.find(*profile);
        if (!credential || settings == profiles.end()) return true;
        const auto status = engine_.status(*profile);
        const auto account = status ? status->account : Account();
        // Not now: somebody may have signed out since it was renewed.
        if (status && status->renewed_at) decided = *status->renewed_at;
        handout = sinks::Handout{.profile = sink.profile,
                                 .api_key = credential->kind() == Credential::Kind::api_key,
                                 .token = credential->token().clone(),
                                 .expires_at = credential->expires_at(),
                                 .base_url = settings->second->base_url,
                                 .email = account.email,
                                 .organization_id = account.organization_id,
                                 .organization_name = account.organization_name,
                                 .workspace_id = account.workspace_id};
    }
    const auto packet = order_of(sink, handout ? &*handout : nullptr, decided);
    const auto text = packet.reveal();
    if (::send(outside_.number(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
        if (errno == EAGAIN) return false;
        lost();
        return false;
    }
    ++under_way_;
    return true;
}

void Sinks::ready(Ready /*what*/) {
    std::array<char, 8192> packet{};
    while (outside_.open()) {
        const auto size = ::recv(outside_.number(), packet.data(), packet.size(), MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) break;
        if (size <= 0) return lost();
        heard({packet.data(), static_cast<std::size_t>(size)});
    }
    send_due();
}

void Sinks::heard(std::string_view packet) {
    const auto report = parse_report(packet);
    if (under_way_ > 0) --under_way_;
    if (!report) return;
    auto& story = stories_[report->sink];
    story.trouble = report->trouble;
    story.hint = report->hint;
    const auto name = Name::parse(report->sink);
    const auto sink = name ? engine_.settings().sinks.find(*name) : engine_.settings().sinks.end();
    if (sink == engine_.settings().sinks.end()) return;
    const auto profile = Name::parse(sink->second.profile);
    if (!profile) return;
    const bool well = story.trouble.empty();
    if (well && report->changed) story.written_at = clock_.now().wall;
    if (!well || report->changed) {
        engine_.announce(
            {.kind = well ? Event::Kind::sink_written : Event::Kind::sink_failed,
             .at = clock_.now().wall,
             .profile = *profile,
             .text = report->sink + ": " + (well ? sink->second.path : story.trouble)});
    }
    if (well) return;
    loop_.at(clock_.now().boot + patience_with_trouble, [this, name = *name] {
        order(name, Change::write);
        send_due();
    });
}

// The agent is confined by now and cannot start another one; everything else goes on.
void Sinks::lost() {
    outside_ = {};
    under_way_ = 0;
    due_.clear();
    log_.warn(
        "the process that writes sinks has ended: they stay as they are until the next agent");
}

void Sinks::write_status(Line& line) const {
    line.list("sinks");
    for (const auto& [name, sink] : engine_.settings().sinks) {
        line.object({}).text("sink", name.text()).text("profile", sink.profile);
        line.text("kind", kind_name(sink.kind)).text("path", sink.path);
        const auto found = stories_.find(name.text());
        const Story story = found == stories_.end() ? Story() : found->second;
        line.instant("written_at", story.written_at);
        line.text_or_null("error",
                          outside_.open() ? story.trouble : "the process that writes it has ended");
        line.close();
    }
    line.close();
}

}  // namespace hearth::agent
