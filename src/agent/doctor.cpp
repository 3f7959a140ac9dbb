#include "agent/doctor.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <set>
#include <system_error>

#include "agent/line.hpp"
#include "agent/projects.hpp"
#include "core/url.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;
using State = Check::State;

std::string_view to_string(State state) {
    switch (state) {
        case State::ok:
            return "ok";
        case State::warn:
            return "warn";
        case State::fail:
            return "fail";
    }
    std::unreachable();
}

Check check_store(stores::Store& store) {
    const auto probed = store.probe();
    if (probed) return {"store", State::ok, store.describe() + " can be written", ""};
    const auto& error = probed.error().error;
    return {"store", State::fail, error.what,
            error.hint.empty() ? "hearth agent unlock, or another store.kind" : error.hint};
}

Check check_config(const composition::ConfigFile& config) {
    const auto& broken = config.broken();
    if (!broken) return {"config", State::ok, config.path() + " is valid", ""};
    const std::string hint = "mend the file; until then the settings read before stay in use";
    return {"config", State::fail, broken->what, broken->hint.empty() ? hint : broken->hint};
}

// A record that can be read is nothing to tell of.
void check_trusted(const composition::TrustedProjects& trusted, std::vector<Check>& checks) {
    if (const auto& broken = trusted.broken())
        checks.push_back({"trusted folders", State::fail, broken->what, broken->hint});
}

Check check_socket(const std::string& path) {
    if (path.empty()) return {"agent", State::ok, "no agent: this command runs on its own", ""};
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) {
        return {"agent", State::warn,
                path + " is not there: " + std::generic_category().message(errno),
                "hearth agent stop, then run any command: a new agent makes it again"};
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0 || status.st_uid != ::geteuid()) {
        return {"agent", State::fail, path + " can be used by others", "chmod 600 " + path};
    }
    return {"agent", State::ok, "listens on " + path, ""};
}

// What is not there is not trusted, so every request would fail.
void check_certificates(const composition::Certificates& certificates, std::vector<Check>& checks) {
    for (const auto* place : {&certificates.file, &certificates.folder}) {
        if (place->path.empty()) continue;
        const std::string what = place->path + ", which " + place->named_by + " names";
        if (::access(place->path.c_str(), R_OK) == 0) {
            checks.push_back({"certificates", State::ok, what + ", can be read", ""});
        } else {
            checks.push_back({"certificates", State::fail,
                              what + ": " + std::generic_category().message(errno),
                              "put it there, or change " + place->named_by});
        }
    }
}

void check_profiles(Service& service, std::vector<Check>& checks) {
    for (const auto& [name, profile] : service.engine.settings().profiles) {
        const auto usable = service.composition.check(*profile);
        if (!usable) {
            checks.push_back({"profile " + shown_name(service, name), State::fail,
                              usable.error().what, usable.error().hint});
        }
    }
}

void check_skew(Service& service, std::vector<Check>& checks) {
    for (const auto& status : service.engine.status()) {
        if (!status.server_skew) continue;
        const bool far = std::chrono::abs(*status.server_skew) > 30s;
        const std::string which = *status.server_skew < 0ms ? " ahead of" : " behind";
        checks.push_back(
            {"clock of " + status.profile.text(), far ? State::warn : State::ok,
             "this clock is " + hearth::to_string(std::chrono::abs(*status.server_skew)) + which +
                 " the server's",
             far ? "set the clock, or let the system keep it (timedatectl set-ntp true)" : ""});
    }
}

// Any answer at all proves that the way there is open.
Check check_issuer(Http& http, const std::string& issuer) {
    HttpRequest request;
    request.url = issuer + (issuer.ends_with('/') ? "" : "/") + ".well-known/openid-configuration";
    request.timeout = 5s;
    const auto answer = http.send(std::move(request), {});
    if (answer) return {"issuer " + issuer, State::ok, "answers", ""};
    return {"issuer " + issuer, State::fail, answer.error().error.what, answer.error().error.hint};
}

void answer(const std::weak_ptr<Call>& call, const std::vector<Check>& checks) {
    const auto live = call.lock();
    if (!live) return;
    Line line;
    line.object("ok").list("checks");
    for (const auto& check : checks) {
        line.object({}).text("name", check.name).text("state", to_string(check.state));
        line.text("what", check.what).text("hint", check.hint).close();
    }
    live->answer(line.take());
}

std::set<std::string> issuers_of(Service& service) {
    std::set<std::string> issuers;
    for (const auto& [name, profile] : service.engine.settings().profiles) {
        if (!profile->issuer.empty()) issuers.insert(profile->issuer);
    }
    return issuers;
}

}  // namespace

Check check_folder(const std::string& name, const std::string& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return {name, State::ok, path + " will be made when it is needed", ""};
        return {name, State::fail, path + ": " + std::generic_category().message(errno), ""};
    }
    if (!S_ISDIR(status.st_mode))
        return {name, State::fail, path + " is not a folder", "move it away"};
    if (status.st_uid != ::geteuid()) {
        return {name, State::fail, path + " belongs to somebody else",
                "chown it, or set HEARTH_HOME"};
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return {name, State::fail, path + " is open to others", "chmod 700 " + path};
    }
    return {name, State::ok, path + " is private", ""};
}

Check check_locked_memory() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur < 256UL * 1024) {
        return {"locked memory", State::warn,
                "too little memory may be locked: secrets may be swapped out",
                "raise the limit: ulimit -l, or LimitMEMLOCK= of the service"};
    }
    if (limit.rlim_cur == RLIM_INFINITY) return {"locked memory", State::ok, "no limit", ""};
    return {"locked memory", State::ok,
            std::to_string(limit.rlim_cur / 1024) + " KiB may be locked", ""};
}

Check check_core_dumps() {
    if (::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0) {
        return {"core dumps", State::ok, "off, and other programs of this user cannot look in", ""};
    }
    return {"core dumps", State::warn, "this process could be dumped",
            "report this: hearth turns it off itself"};
}

Check check_confinement(bool confined) {
    if (confined) {
        return {"confinement", State::ok,
                "the kernel lets the agent start no program and look into no other", ""};
    }
    return {"confinement", State::warn,
            "this kernel does not filter system calls: the agent is not confined",
            "use a kernel, or a container, that lets programs use seccomp"};
}

Check check_clock(const Moment& now) {
    if (now.boot_id.known()) return {"boot clock", State::ok, "counts through suspend", ""};
    return {"boot clock", State::warn,
            "the system does not name its boots, so the wall clock decides",
            "make /proc/sys/kernel/random/boot_id readable"};
}

void doctor(Service& service, const CallPtr& call) {
    const auto folder_of = [](const std::string& path) { return path.substr(0, path.rfind('/')); };
    std::vector<Check> checks{
        check_folder("state folder", service.places.state_folder),
        check_folder("runtime folder", service.places.runtime_folder),
        check_folder("configuration folder", folder_of(service.config.path())),
        check_config(service.config),
        check_socket(service.socket),
        check_clock(service.clock.now()),
        check_locked_memory(),
        check_core_dumps(),
        check_confinement(service.confined),
    };
    check_trusted(service.trusted, checks);
    check_certificates(service.composition.certificates(), checks);
    check_profiles(service, checks);
    check_skew(service, checks);
    auto issuers =
        call->request().members().flag("issuers") ? issuers_of(service) : std::set<std::string>();
    // The store and the network may keep us waiting; the loop does not.
    service.composition.workers().run(
        issuers.empty() ? session::Work::store : session::Work::network,
        [&store = service.composition.store(), &http = service.composition.http(),
         &loop = service.loop, weak = std::weak_ptr(call), checks = std::move(checks),
         issuers = std::move(issuers)]() mutable {
            checks.insert(checks.begin(), check_store(store));
            for (const auto& issuer : issuers) checks.push_back(check_issuer(http, issuer));
            loop.post([weak, checks = std::move(checks)] { answer(weak, checks); });
        });
}

}  // namespace hearth::agent
