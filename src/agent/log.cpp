#include "agent/log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

namespace hearth::agent {

std::optional<LogLevel> parse_log_level(std::string_view text) noexcept {
    static constexpr std::array<std::string_view, 5> names{"off", "error", "warn", "info", "debug"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names.at(i) == text) return static_cast<LogLevel>(i);
    }
    return std::nullopt;
}

namespace {

// O_NONBLOCK: a named pipe in the file's place must not keep the loop waiting for a reader.
int open_lines(const std::string& path, int more) {
    constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    return ::open(path.c_str(), flags | more, S_IRUSR | S_IWUSR);
}

}  // namespace

LineFile::~LineFile() {
    if (file_ >= 0) (void)::close(file_);
}

void LineFile::open() {
    file_ = open_lines(path_, 0);
    const bool link_or_pipe = file_ < 0 && (errno == ELOOP || errno == ENXIO);
    struct stat status{};
    const bool known = file_ >= 0 && ::fstat(file_, &status) == 0;
    // What stands there under another name as well is not for us to write into: it makes way for a
    // file of our own.
    if (link_or_pipe || (known && (!S_ISREG(status.st_mode) || status.st_nlink != 1))) {
        if (file_ >= 0) (void)::close(file_);
        (void)::unlink(path_.c_str());
        file_ = open_lines(path_, O_EXCL);
        status.st_size = 0;
    }
    size_ = status.st_size;
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
