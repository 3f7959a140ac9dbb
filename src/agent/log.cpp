#include "agent/log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace hearth::agent {

std::optional<LogLevel> parse_log_level(std::string_view text) noexcept {
    static constexpr std::array<std::string_view, 5> names{"off", "error", "warn", "info", "debug"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names.at(i) == text) return static_cast<LogLevel>(i);
    }
    return std::nullopt;
}

LineFile::~LineFile() {
    if (file_ >= 0) (void)::close(file_);
}

void LineFile::open() {
    file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat status{};
    size_ = file_ >= 0 && ::fstat(file_, &status) == 0 ? status.st_size : 0;
}

void LineFile::append(std::string_view lines) {
    if (file_ < 0) open();
    const auto size = static_cast<std::int64_t>(lines.size());
    if (file_ >= 0 && size_ > 0 && size_ + size > limit) {
        (void)::close(file_);
        (void)std::rename(path_.c_str(), (path_ + ".1").c_str());
        open();
    }
    if (file_ < 0) return;
    // One write, so that lines of several processes do not mix.
    const auto written = ::write(file_, lines.data(), lines.size());
    if (written > 0) size_ += written;
}

void Log::write(LogLevel level, std::string_view word, std::string_view text) {
    if (level > level_) return;
    std::string line = to_rfc3339(clock_.now().wall);
    line.append(" ").append(std::to_string(::getpid())).append(" ").append(word).append(" ");
    for (const char c : text) line.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
    line.push_back('\n');
    file_.append(line);
}

}  // namespace hearth::agent
