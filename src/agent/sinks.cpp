#include "agent/sinks.hpp"

#include <sys/socket.h>

#include <array>
#include <utility>

#include "agent/line.hpp"

namespace hearth::agent {
namespace {

using session::Event;

}  // namespace

Sinks::Sinks(session::Engine& engine, SocketLoop& loop, const Clock& clock, Log& log,
             Descriptor outside, Span patience)
    : engine_(engine),
      loop_(loop),
      clock_(clock),
      log_(log),
      outside_(std::move(outside)),
      patience_(patience) {
    (void)loop_.watch(outside_.number(), SocketLoop::Interest::read, *this);
}

void Sinks::on_event(const Event& event) {
    using Kind = Event::Kind;
    const bool fresh = event.kind == Kind::loaded || event.kind == Kind::renewed ||
                       event.kind == Kind::adopted || event.kind == Kind::signed_in;
    const bool gone = event.kind == Kind::signed_out || event.kind == Kind::refused;
    if (!fresh && !gone) return;
    Due due;
    if (gone) due = event.at;
    // Allowing it again must bring the same credential back.
    if (event.kind == Kind::refused) due = renewed_at(event.profile).value_or(event.at);
    for (const auto& [name, sink] : engine_.settings().sinks) {
        if (sink.profile == event.profile.text()) order(name, due);
    }
    send_due();
}

void Sinks::reconsider() {
    for (const auto& [name, sink] : engine_.settings().sinks) order(name, {});
    send_due();
}

Sinks::Orphans Sinks::orphaned_by(const Settings& next) const {
    Orphans orphans;
    for (const auto& [name, sink] : next.sinks) {
        const auto profile = Name::parse(sink.profile);
        if (profile && engine_.settings().profiles.contains(*profile) &&
            !next.profiles.contains(*profile))
            orphans.emplace_back(name, renewed_at(*profile).value_or(clock_.now().wall));
    }
    return orphans;
}

void Sinks::clear(const Orphans& orphans) {
    for (const auto& [sink, since] : orphans) order(sink, since);
    send_due();
}

std::optional<Instant> Sinks::renewed_at(const ProfileName& profile) const {
    const auto status = engine_.status(profile);
    return status ? status->renewed_at : std::nullopt;
}

bool Sinks::busy() const noexcept { return outside_.open() && (under_way_ > 0 || !due_.empty()); }

void Sinks::order(const Name& sink, Due due) {
    due_.insert_or_assign(sink, due);
    if (auto& retry = stories_[sink].retry; retry != 0) loop_.cancel(std::exchange(retry, 0));
}

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
bool Sinks::send(const SinkSettings& sink, Due due) {
    std::optional<sinks::Handout> handout;
    auto decided = due.value_or(clock_.now().wall);
    if (!due) {
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
                                 .base_url = settings->second->claude->base_url,
                                 .email = account.email,
                                 .organization_id = account.organization_id,
                                 .organization_name = account.organization_name,
                                 .workspace_id = account.workspace_id};
    }
    const auto packet = order_of(sink, handout ? &*handout : nullptr, decided);
    const auto text = packet.reveal();
    if (text.size() > longest_packet) {
        take_in({.sink = sink.name.text(),
                 .changed = true,
                 .trouble = "its token is too long for a sink",
                 .hint = "ask for it with hearth token " + sink.profile});
        return true;
    }
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
    if (report) take_in(*report);
}

void Sinks::take_in(const SinkReport& report) {
    const auto name = Name::parse(report.sink);
    if (!name) return log_.warn("a change of a sink came to nothing: " + report.trouble);
    const auto sink = engine_.settings().sinks.find(*name);
    if (sink == engine_.settings().sinks.end()) return;
    auto& story = stories_[*name];
    const bool well = report.trouble.empty();
    // A command that failed is not run again for a file that stays as it is.
    if (well && !report.changed && story.until_change) return;
    const bool news = well ? report.changed : report.trouble != story.trouble;
    story.trouble = report.trouble;
    story.hint = report.hint;
    story.until_change = !well && report.changed;
    if (well && report.changed) story.written_at = clock_.now().wall;
    if (news) announce(sink->second, report);
    if (!well && !report.changed) retry(*name, report.cleared ? Due(report.decided) : Due());
}

void Sinks::announce(const SinkSettings& sink, const SinkReport& report) {
    const auto profile = Name::parse(sink.profile);
    if (!profile) return;
    const bool well = report.trouble.empty();
    engine_.announce({.kind = well ? Event::Kind::sink_written : Event::Kind::sink_failed,
                      .at = clock_.now().wall,
                      .profile = *profile,
                      .text = report.sink + ": " + (well ? sink.path : report.trouble)});
}

void Sinks::retry(const Name& sink, Due due) {
    // What was ordered since is later, and will be told of as well.
    if (due_.contains(sink) || stories_[sink].retry != 0) return;
    stories_[sink].retry = loop_.at(clock_.now().boot + patience_, [this, sink, due] {
        stories_[sink].retry = 0;
        order(sink, due);
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
        line.text("kind", to_string(sink.kind)).text("path", sink.path);
        const auto found = stories_.find(name);
        const Story story = found == stories_.end() ? Story() : found->second;
        line.instant("written_at", story.written_at);
        line.text_or_null("error",
                          outside_.open() ? story.trouble : "the process that writes it has ended");
        line.text_or_null("hint", outside_.open() ? story.hint : "hearth agent stop");
        line.close();
    }
    line.close();
}

}  // namespace hearth::agent
