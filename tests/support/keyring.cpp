#include "support/keyring.hpp"

#include <fcntl.h>
#include <gio/gio.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <vector>

namespace hearth::testing {
namespace {

constexpr const char* secrets = "org.freedesktop.secrets";
constexpr const char* service_path = "/org/freedesktop/secrets";
constexpr const char* service_interface = "org.freedesktop.Secret.Service";

std::string temporary_folder() {
    std::string name = std::filesystem::temp_directory_path() / "hearth-keyring-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return name;
}

void until(const std::string& what, const std::function<bool()>& happened) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!happened()) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error(what + " did not come");
        ::poll(nullptr, 0, 5);
    }
}

// Its children end with this process, and see nothing of its environment.
pid_t run(std::vector<std::string> words, std::vector<std::string> variables, int input) {
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::vector<char*> environment;
    for (auto& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child > 0) return child;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nowhere = ::open("/dev/null", O_RDWR);
    ::dup2(input >= 0 ? input : nowhere, 0);
    ::dup2(nowhere, 1);
    ::dup2(nowhere, 2);
    ::execvpe(arguments.front(), arguments.data(), environment.data());
    ::_exit(127);
}

void end(pid_t& child) {
    if (child <= 0) return;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    child = -1;
}

// Calls over a connection of their own, so that nothing is cached.
class Bus {
  public:
    explicit Bus(const std::string& address) {
        connection_ = g_dbus_connection_new_for_address_sync(
            address.c_str(),
            static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                              G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION),
            nullptr, nullptr, nullptr);
        if (connection_ != nullptr) g_dbus_connection_set_exit_on_close(connection_, FALSE);
    }
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;
    ~Bus() {
        if (connection_ != nullptr) g_object_unref(connection_);
    }

    [[nodiscard]] bool up() const { return connection_ != nullptr; }
    // Null when it failed; the caller unrefs.
    GVariant* call(const char* name, const char* path, const char* interface, const char* method,
                   GVariant* arguments) const {
        return g_dbus_connection_call_sync(connection_, name, path, interface, method, arguments,
                                           nullptr, G_DBUS_CALL_FLAGS_NONE, 5000, nullptr, nullptr);
    }
    GVariant* secret(const char* method, GVariant* arguments) const {
        return call(secrets, service_path, service_interface, method, arguments);
    }

  private:
    GDBusConnection* connection_ = nullptr;
};

GVariant* bytes(const std::string& text) {
    return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, text.data(), text.size(), 1);
}

// Nothing can be activated on this bus: what serves secrets is what the test started.
std::string configuration(const std::string& socket) {
    return R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=)" +
           socket + R"(</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>)";
}

}  // namespace

Keyring::Keyring() : folder_(temporary_folder()) {
    std::filesystem::create_directories(folder_ + "/share");
    std::filesystem::create_directories(folder_ + "/run");
    ::chmod((folder_ + "/run").c_str(), S_IRWXU);
    std::ofstream(folder_ + "/bus.conf") << configuration(folder_ + "/bus");
    start_bus();
    start();
}

Keyring::~Keyring() {
    end(daemon_);
    end(bus_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void Keyring::start_bus() {
    std::filesystem::remove(folder_ + "/bus");
    bus_ = run({"dbus-daemon", "--config-file=" + folder_ + "/bus.conf", "--nofork"},
               {"HOME=" + folder_, "PATH=/usr/bin:/bin"}, -1);
    until("the bus", [&] { return Bus(address()).up(); });
}

void Keyring::kill_bus() {
    end(bus_);
    end(daemon_);
}

void Keyring::start(const std::string& password) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    daemon_ = run({"gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"},
                  {"HOME=" + folder_, "PATH=/usr/bin:/bin", "XDG_RUNTIME_DIR=" + folder_ + "/run",
                   "XDG_DATA_HOME=" + folder_ + "/share", "DBUS_SESSION_BUS_ADDRESS=" + address()},
                  pipe[0]);
    ::close(pipe[0]);
    const bool told =
        ::write(pipe[1], password.data(), password.size()) == static_cast<ssize_t>(password.size());
    ::close(pipe[1]);
    if (!told) throw std::runtime_error("the keyring took no password");
    until("gnome-keyring-daemon", [&] { return owned(); });
    until("the login collection", [&] { return !collection().empty(); });
}

void Keyring::kill() {
    end(daemon_);
    until("the end of the keyring", [&] { return !owned(); });
}

void Keyring::freeze() const { ::kill(daemon_, SIGSTOP); }
void Keyring::thaw() const { ::kill(daemon_, SIGCONT); }

bool Keyring::owned() const {
    const Bus bus(address());
    GVariant* const answer =
        bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                 "NameHasOwner", g_variant_new("(s)", secrets));
    if (answer == nullptr) return false;
    gboolean has = FALSE;
    g_variant_get(answer, "(b)", &has);
    g_variant_unref(answer);
    return has != FALSE;
}

std::string Keyring::collection() const {
    const Bus bus(address());
    GVariant* const answer = bus.secret("ReadAlias", g_variant_new("(s)", "default"));
    if (answer == nullptr) return "";
    const char* path = nullptr;
    g_variant_get(answer, "(&o)", &path);
    std::string found = path;
    g_variant_unref(answer);
    return found == "/" ? "" : found;
}

void Keyring::lock() const {
    const auto path = collection();
    const std::array<const char*, 1> paths{path.c_str()};
    const Bus bus(address());
    GVariant* const answer =
        bus.secret("Lock", g_variant_new("(@ao)", g_variant_new_objv(paths.data(), 1)));
    if (answer == nullptr) throw std::runtime_error("the collection could not be locked");
    g_variant_unref(answer);
}

void Keyring::unlock(const std::string& password) const {
    const Bus bus(address());
    GVariant* const opened =
        bus.secret("OpenSession", g_variant_new("(sv)", "plain", g_variant_new_string("")));
    if (opened == nullptr) throw std::runtime_error("no session with the keyring");
    const char* session = nullptr;
    GVariant* output = nullptr;
    g_variant_get(opened, "(v&o)", &output, &session);
    // gnome-keyring's own back door; no prompter is needed.
    GVariant* const answer = bus.call(
        secrets, service_path, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
        "UnlockWithMasterPassword",
        g_variant_new(
            "(o@(oayays))", collection().c_str(),
            g_variant_new("(o@ay@ays)", session, bytes(""), bytes(password), "text/plain")));
    g_variant_unref(output);
    g_variant_unref(opened);
    if (answer == nullptr) throw std::runtime_error("the collection could not be unlocked");
    g_variant_unref(answer);
}

int Keyring::items() const {
    const Bus bus(address());
    GVariantBuilder attributes;
    g_variant_builder_init(&attributes, G_VARIANT_TYPE("a{ss}"));
    g_variant_builder_add(&attributes, "{ss}", "application", "hearth");
    GVariant* const answer = bus.secret("SearchItems", g_variant_new("(a{ss})", &attributes));
    if (answer == nullptr) return -1;
    GVariant* const unlocked = g_variant_get_child_value(answer, 0);
    const auto count = static_cast<int>(g_variant_n_children(unlocked));
    g_variant_unref(unlocked);
    g_variant_unref(answer);
    return count;
}

std::string Keyring::label() const {
    const Bus bus(address());
    GVariantBuilder attributes;
    g_variant_builder_init(&attributes, G_VARIANT_TYPE("a{ss}"));
    g_variant_builder_add(&attributes, "{ss}", "application", "hearth");
    GVariant* const answer = bus.secret("SearchItems", g_variant_new("(a{ss})", &attributes));
    if (answer == nullptr) return "";
    GVariant* const unlocked = g_variant_get_child_value(answer, 0);
    const char* path = nullptr;
    g_variant_get_child(unlocked, 0, "&o", &path);
    GVariant* const property =
        bus.call(secrets, path, "org.freedesktop.DBus.Properties", "Get",
                 g_variant_new("(ss)", "org.freedesktop.Secret.Item", "Label"));
    GVariant* boxed = nullptr;
    g_variant_get(property, "(v)", &boxed);
    std::string label = g_variant_get_string(boxed, nullptr);
    for (GVariant* const one : {boxed, property, unlocked, answer}) g_variant_unref(one);
    return label;
}

SilentBus::SilentBus() : folder_(temporary_folder()) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const std::string path = folder_ + "/bus";
    path.copy(name.sun_path, sizeof(name.sun_path) - 1);
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool listens =
        ::bind(socket_, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0 &&
        ::listen(socket_, 16) == 0;
    if (!listens) throw std::runtime_error("no socket to be silent on");
}

SilentBus::~SilentBus() {
    ::close(socket_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

}  // namespace hearth::testing
