#include "agent/audit.hpp"

#include <unistd.h>

#include "agent/line.hpp"

namespace hearth::agent {

using namespace std::chrono_literals;

std::size_t Audit::Hash::operator()(const Key& key) const noexcept {
    const auto profile = std::hash<std::string>{}(key.profile);
    return profile ^ (static_cast<std::size_t>(key.pid) * 0x9E3779B97F4A7C15U) ^
           key.operation.size();
}

Audit::~Audit() {
    if (timer_ != 0) loop_.cancel(timer_);
    close_minute();
    flush();
}

void Audit::handed_out(std::int64_t pid, const ProfileName& profile, std::string_view operation,
                       const std::function<std::string()>& executable) {
    const Span now = clock_.now().boot;
    if (now >= minute_ends_ || minute_.size() >= entry_limit) {
        close_minute();
        minute_ends_ = now + 60s;
    }
    const auto [found, fresh] = minute_.try_emplace(Key{pid, profile.text(), operation});
    if (!fresh) {
        ++found->second.uncounted;
        return;
    }
    found->second.executable = executable();
    line(found->first, found->second.executable, 1);
    if (!first_) return;
    const auto& program = found->second.executable;
    first_(profile, std::string(operation) + ", to process " + std::to_string(pid) +
                        (program.empty() ? "" : " (" + program + ")"));
}

void Audit::line(const Key& key, const std::string& executable, std::uint64_t count) {
    Line line;
    line.instant("at", clock_.now().wall).number("pid", key.pid).number("uid", ::geteuid());
    line.text_or_null("executable", executable).text("profile", key.profile);
    line.text("op", key.operation).number("count", static_cast<std::int64_t>(count));
    pending_.append(line.take().reveal());
    arm();
}

void Audit::close_minute() {
    for (const auto& [key, entry] : minute_) {
        if (entry.uncounted > 0) line(key, entry.executable, entry.uncounted);
    }
    minute_.clear();
}

void Audit::arm() {
    if (timer_ != 0) return;
    timer_ = loop_.at(clock_.now().boot + 1s, [this] {
        timer_ = 0;
        flush();
    });
}

void Audit::flush() {
    if (pending_.empty()) return;
    file_.append(pending_);
    pending_.clear();
}

}  // namespace hearth::agent
